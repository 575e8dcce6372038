using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools.OpenApi;

/// <summary>The configured HTTP APIs, each a source of tools.</summary>
internal sealed class OpenApiSources(IOptions<OpenApiSettings> settings, IConfiguration configuration, TimeProvider time, ILogger<OpenApiSource> logger) : IDisposable
{
    public IReadOnlyList<OpenApiSource> All { get; } = [.. settings.Value.Servers.Select(server => new OpenApiSource(server, configuration, time, logger))];

    public void Dispose()
    {
        foreach (var source in All)
            source.Dispose();
    }
}

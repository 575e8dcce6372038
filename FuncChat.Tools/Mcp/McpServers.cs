using FuncChat.Tools.Configuration;
using FuncChat.Tools.Fetch;
using FuncChat.Tools.Identity;
using FuncChat.Tools.Mcp.SignIn;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools.Mcp;

/// <summary>The configured MCP servers, each a source of tools.</summary>
internal sealed partial class McpServers : IAsyncDisposable, IDisposable
{
    /// <param name="startProcesses">Whether this host starts servers that are processes. If not, they are omitted with a warning.</param>
    public McpServers(
        IOptions<McpSettings> settings, McpConfiguration configuration, bool startProcesses, IAppTokens? appTokens, INetwork network, ISecretStore? secrets, TimeProvider time,
        ILoggerFactory loggers)
    {
        var combined = configuration.Combined;
        var logger = loggers.CreateLogger<McpServers>();
        var sources = new List<McpToolSource>();
        foreach (var server in settings.Value.Servers)
        {
            foreach (var (setting, reason) in IneffectiveMcpSettings.Find(server, combined))
                LogIneffective(logger, SettingMessage.NameOf(setting), reason);
            if (server is { Auth: McpAuth.SignIn } or { Auth: McpAuth.None, Headers.Count: 0 } && server is { ClientId: not null, ClientSecretKey: not null, Issuer: null, Process: null })
                LogUnboundSecret(logger, server.Name);
            if (server.Process is null || startProcesses)
                sources.Add(SourceOf(server));
            else
                LogNoProcesses(logger, server.Name);
        }

        Sources = sources;

        McpToolSource SourceOf(McpServerSettings server) => new(
            server, new McpTransports(server, combined, appTokens, time), server.Url is null ? null : new McpSignIn(server, combined, network, secrets, time), time, loggers);
    }

    public IReadOnlyList<McpToolSource> Sources { get; }

    // At the same time: a server may take its time to end.
    public async ValueTask DisposeAsync() => await Task.WhenAll(Sources.Select(source => source.DisposeAsync().AsTask()));

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    [LoggerMessage(703, LogLevel.Warning, "The MCP server {Server} is a process, which this host does not start: its tools are unavailable")]
    private static partial void LogNoProcesses(ILogger logger, string server);

    [LoggerMessage(716, LogLevel.Warning, "The ClientSecret of the MCP server {Server} is sent to whichever authorization server it names: set Issuer to the one that the secret is of")]
    private static partial void LogUnboundSecret(ILogger logger, string server);

    [LoggerMessage(708, LogLevel.Warning, "{Setting} has no effect: {Reason}")]
    private static partial void LogIneffective(ILogger logger, string setting, string reason);
}

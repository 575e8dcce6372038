using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools.Mcp;

/// <summary>The MCP servers whose tools are offered.</summary>
internal sealed record McpSettings(IReadOnlyList<McpServerSettings> Servers);

/// <summary>Reads <see cref="McpSettings"/>. The host validates them at startup like all settings.</summary>
internal sealed class McpSettingsFactory(IConfiguration configuration) : IOptionsFactory<McpSettings>
{
    /// <exception cref="OptionsValidationException">Lists every setting that is wrong.</exception>
    public McpSettings Create(string name)
    {
        try
        {
            var reader = new McpServerReader(McpFile.AddTo(configuration));
            var servers = reader.ReadAll();
            return reader.Errors.Count == 0 ? new McpSettings(servers) : throw new OptionsValidationException(name, typeof(McpSettings), reader.Errors);
        }
        catch (McpFileException wrong)
        {
            throw new OptionsValidationException(name, typeof(McpSettings), [wrong.Message]);
        }
    }
}

using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools.Mcp;

/// <summary>The MCP servers whose tools are offered.</summary>
internal sealed record McpSettings(IReadOnlyList<McpServerSettings> Servers);

/// <summary>The settings, with those of `mcp.json` as defaults. The file is read once.</summary>
internal sealed class McpConfiguration(IConfiguration configuration)
{
    private readonly Lazy<IConfiguration> _combined = new(() => McpFile.AddTo(configuration));

    /// <exception cref="OptionsValidationException">The file is missing or can't be read.</exception>
    public IConfiguration Combined => _combined.Value;

    /// <summary>Whether an MCP server has the name. Of a file that can't be read, none has: <see cref="McpSettings"/> report it.</summary>
    public bool HasServer(string name)
    {
        try
        {
            return new SettingReader(Combined).IsSet($"{McpServerReader.Root}:{name}");
        }
        catch (OptionsValidationException)
        {
            return false;
        }
    }
}

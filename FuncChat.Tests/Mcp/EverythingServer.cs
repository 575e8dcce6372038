using FuncChat.Tests.Support;

namespace FuncChat.Tests.Mcp;

/// <summary>The reference server of the protocol's authors, which has one of everything. Over HTTP it keeps sessions, as servers did before 2026.</summary>
internal static class EverythingServer
{
    private static readonly string Main = Path.Combine("@modelcontextprotocol", "server-everything", "dist", "index.js");

    public static string Folder { get; } = Repository.PathOf("FuncChat.Tests", "Mcp", "node");

    /// <summary>Starts it on a free port of 127.0.0.1.</summary>
    public static async Task<(NodeTool Server, Uri Url)> StartHttpAsync()
    {
        var script = await NodeTool.ScriptAsync(Folder, Main);
        var (server, addresses) = await NodeTool.StartAsync(
            Folder, Path.Combine("..", "loopback.mjs"), ["Listening at "], new Uri(script).AbsoluteUri, "streamableHttp");
        return (server, new Uri(addresses[0] + "/mcp"));
    }

    /// <summary>The settings of a server that is this program, or another script of the folder, as a process.</summary>
    public static async Task<(string Name, string Value)[]> ProcessAsync(string server, string? script = null)
    {
        var main = await NodeTool.ScriptAsync(Folder, Main);
        return
        [
            ($"FuncChat:Mcp:Servers:{server}:Command", "node"),
            ($"FuncChat:Mcp:Servers:{server}:Args:0", script is null ? main : Path.Combine(Folder, script)),
            ($"FuncChat:Mcp:Servers:{server}:Args:1", "stdio"),
        ];
    }
}

using FuncChat.Tests.Support;
using FuncChat.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Mcp;

/// <summary>The conformance tests of the protocol's authors that concern tools, against `/api/mcp`. They bring the Node.js that they need.</summary>
public sealed class McpConformanceTests
{
    [Theory]
    [InlineData("server-initialize")]
    [InlineData("ping")]
    [InlineData("tools-list")]
    [InlineData("tools-call-simple-text")]
    [InlineData("tools-call-error")]
    [InlineData("dns-rebinding-protection")]
    public async Task Endpoint_conforms(string scenario)
    {
        using var folder = new TemporaryFolder();
        await using var server = await LocalServer.StartWithAsync(folder.Path, builder => builder.Services
            .AddSingleton(Tool.FromMethod(() => "This is a simple text response for testing.", "test_simple_text", "Returns text."))
            .AddSingleton(Tool.FromMethod(Fail, "test_error_handling", "Fails.")));
        var script = await NodeTool.ScriptAsync(EverythingServer.Folder, Path.Combine("@modelcontextprotocol", "conformance", "dist", "index.js"));
        var node = Path.Combine(EverythingServer.Folder, "node_modules", "node", "bin", "node");

        var (exitCode, output) = await NodeTool.RunAsync(
            EverythingServer.Folder, node, script, "server", "--url", new Uri(server.Http.BaseAddress!, "/api/mcp").AbsoluteUri, "--scenario", scenario,
            "--output-dir", folder.Path);

        Assert.True(exitCode == 0, output);
    }

    private static string Fail() => throw new ToolException("This tool intentionally returns an error for testing");
}

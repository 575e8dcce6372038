using System.Text.Json;
using FuncChat.Tests.Support;
using FuncChat.Tools;

namespace FuncChat.Tests.Mcp;

/// <summary>The client against the reference server.</summary>
public sealed class EverythingServerTests
{
    [Fact]
    public async Task Reference_server_works_as_a_process_without_our_environment()
    {
        Environment.SetEnvironmentVariable("FUNCCHAT_TEST_KEY", "secret");
        await using var bench = new McpBench(await EverythingServer.ProcessAsync("every"));

        await CheckAsync(bench);
        var environment = await bench.CallAsync("get-env");

        Assert.Contains("PATH", environment, StringComparison.Ordinal);
        Assert.DoesNotContain("FUNCCHAT_TEST_KEY", environment, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reference_server_works_over_http()
    {
        var (server, url) = await EverythingServer.StartHttpAsync();
        await using var stopped = server;
        await using var bench = new McpBench(("FuncChat:Mcp:Servers:every:Url", url.AbsoluteUri));

        await CheckAsync(bench);
    }

    [Fact]
    public async Task Reference_server_that_has_restarted_is_called_in_a_new_session()
    {
        var (server, url) = await EverythingServer.StartHttpAsync();
        await using var relay = new TcpRelay(url);
        await using var bench = new McpBench(("FuncChat:Mcp:Servers:every:Url", new Uri(relay.Address, "mcp").AbsoluteUri));
        await using (server)
            Assert.Equal("Echo: before", await bench.CallAsync("echo", arguments: ("message", "before")));
        (server, relay.Target) = await EverythingServer.StartHttpAsync();
        await using var stopped = server;

        Assert.Equal("Echo: after", await bench.CallAsync("echo", arguments: ("message", "after")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reference_server_asks_the_person_and_is_answered_when_the_call_is_repeated(bool http)
    {
        var (server, url) = http ? await EverythingServer.StartHttpAsync() : default;
        await using var stopped = server;
        await using var bench = new McpBench(http ? [("FuncChat:Mcp:Servers:every:Url", url!.AbsoluteUri)] : await EverythingServer.ProcessAsync("every"));

        var asked = await Assert.ThrowsAsync<ToolQuestionException>(() => bench.CallAsync("trigger-elicitation-request"));
        var result = await bench.CallAsync("trigger-elicitation-request", new McpRun { Answers = [JsonElement.Parse("""{"name":"Ada"}""")] });

        Assert.StartsWith("The MCP server 'every' asks: ", asked.Message, StringComparison.Ordinal);
        Assert.Equal("string", asked.Schema.GetProperty("properties").GetProperty("name").GetProperty("type").GetString());
        Assert.Contains("Ada", result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_that_has_ended_is_started_again()
    {
        await using var bench = new McpBench(await EverythingServer.ProcessAsync("mortal", "mortal.mjs"));
        var first = await bench.CallAsync("say", arguments: ("text", "hello"));

        var failure = await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("say", arguments: ("text", "exit")));
        var second = await bench.CallAsync("say", arguments: ("text", "hello"));

        Assert.Equal("The MCP server 'mortal' closed the connection.", failure.Message);
        Assert.EndsWith(": hello", second, StringComparison.Ordinal);
        Assert.NotEqual(first, second);
    }

    private static async Task CheckAsync(McpBench bench)
    {
        var tools = await bench.ListAsync();
        Assert.All(tools, tool => Assert.Matches("^every__[A-Za-z0-9_-]{1,57}$", tool.Name));

        Assert.Equal("Echo: Grüße", await bench.CallAsync("echo", arguments: ("message", "Grüße")));
        Assert.Contains("5", await bench.CallAsync("get-sum", arguments: [("a", 2), ("b", 3)]), StringComparison.Ordinal);
        Assert.Contains("[image, image/png", await bench.CallAsync("get-tiny-image"), StringComparison.Ordinal);
        Assert.Contains("[Resource ", await bench.CallAsync("get-resource-links", arguments: ("count", 2)), StringComparison.Ordinal);
        Assert.Contains("temperature", await bench.CallAsync("get-structured-content", arguments: ("location", "New York")), StringComparison.Ordinal);
        await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("get-sum", arguments: ("a", "none")));

        var run = new McpRun();
        var call = bench.CallAsync("trigger-long-running-operation", run, arguments: [("duration", 1), ("steps", 2)]);
        Assert.Equal((1, 2), await run.NextReportAsync() is var (_, completed, total) ? (completed, total) : default);
        Assert.Contains("completed", await call, StringComparison.Ordinal);
    }
}

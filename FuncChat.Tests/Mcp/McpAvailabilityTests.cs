using System.Text.Json;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using FuncChat.Tools.Mcp;

namespace FuncChat.Tests.Mcp;

/// <summary>Servers that are down, come back, forget sessions, or change their tools.</summary>
public sealed class McpAvailabilityTests
{
    [Fact]
    public async Task Server_that_is_down_has_no_tools_and_is_retried_after_a_while()
    {
        await using var server = (await ScriptedMcpServer.StartAsync()).Says("read", "text");
        server.Intercept = Unavailable;
        await using var bench = McpBench.For(server);

        var failure = await Assert.ThrowsAsync<ToolSourceException>(() => bench.ListAsync());
        Assert.Equal("The MCP server 'srv' returned HTTP status 503.", failure.Message);
        var asked = server.Headers.Count;
        await Assert.ThrowsAsync<ToolSourceException>(() => bench.ListAsync());
        Assert.Equal(asked, server.Headers.Count);

        server.Intercept = null;
        bench.Time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal("srv__read", Assert.Single(await bench.ListAsync()).Name);
        Assert.Equal("text", await bench.CallAsync("read"));
    }

    [Fact]
    public async Task Tool_that_the_settings_name_is_offered_when_the_server_has_hundreds()
    {
        await using var server = await ScriptedMcpServer.StartAsync();
        foreach (var number in Enumerable.Range(0, 400))
            server.Says($"tool-{number}", "text");
        await using var bench = McpBench.For(server, ("Tools", "tool-399,tool-7"));
        await using var all = McpBench.For(server);

        Assert.Equal(["srv__tool-399", "srv__tool-7"], (await bench.ListAsync()).Select(tool => tool.Name));
        Assert.Equal(256, (await all.ListAsync()).Count);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"name":null,"inputSchema":{"type":"object"}}""")]
    [InlineData("""{"name":"","inputSchema":{"type":"object"}}""")]
    [InlineData("""{"name":"odd","inputSchema":{"type":"object","properties":{"a":{"x":1,"x":2} }}}""")]
    public async Task Malformed_tool_costs_no_other_tool(string tool)
    {
        await using var server = (await ScriptedMcpServer.StartAsync()).Says("read", "text");
        server.Intercept = async http =>
        {
            http.Request.EnableBuffering();
            using var body = await JsonDocument.ParseAsync(http.Request.Body);
            http.Request.Body.Position = 0;
            if (!body.RootElement.TryGetProperty("method", out var method) || method.GetString() != "tools/list")
                return false;
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(
                $$"""{"jsonrpc":"2.0","id":{{body.RootElement.GetProperty("id").GetRawText()}},"result":{"tools":[{{tool}},{"name":"read","inputSchema":{"type":"object"} }] } }""");
            return true;
        };
        await using var bench = McpBench.For(server);

        Assert.Contains("srv__read", (await bench.ListAsync()).Select(each => each.Name));
    }

    [Fact]
    public async Task Server_that_cannot_be_reached_costs_only_its_own_tools()
    {
        await using var bench = new McpBench(("FuncChat:Mcp:Servers:gone:Url", "http://127.0.0.1:9/mcp"));

        var tools = await bench.Catalog.ListAsync(ToolUser.Unknown, CancellationToken.None);

        Assert.Contains(tools, tool => tool.Name == "search_web");
        Assert.DoesNotContain(tools, tool => tool.Reference.Source == "gone");
        var failure = await Assert.ThrowsAsync<ToolSourceException>(() => bench.ListAsync());
        Assert.Equal("The MCP server 'gone' can't be reached.", failure.Message);
    }

    [Fact]
    public async Task Expired_session_is_opened_again_and_the_call_runs_once()
    {
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).Says("read", "text");
        await using var bench = McpBench.For(server);
        await bench.ListAsync();
        var session = server.Headers.Select(headers => headers["Mcp-Session-Id"].ToString()).Last(id => id.Length > 0);
        server.Intercept = http =>
        {
            var forgotten = http.Request.Headers["Mcp-Session-Id"] == session;
            if (forgotten)
                http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.FromResult(forgotten);
        };

        Assert.Equal("text", await bench.CallAsync("read"));

        Assert.Single(server.Called);
    }

    [Fact]
    public async Task Call_fails_and_the_next_one_succeeds_when_the_server_was_unavailable_in_between()
    {
        await using var server = (await ScriptedMcpServer.StartAsync()).Says("read", "text");
        await using var bench = McpBench.For(server);
        await bench.ListAsync();
        server.Intercept = Unavailable;

        var failure = await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("read"));
        Assert.Equal("The MCP server 'srv' returned HTTP status 503.", failure.Message);
        server.Intercept = null;

        Assert.Equal("text", await bench.CallAsync("read"));
    }

    [Fact]
    public async Task List_is_cached_for_the_time_that_the_server_specifies()
    {
        await using var server = (await ScriptedMcpServer.StartAsync()).Says("read", "");
        server.TimeToLive = TimeSpan.FromMinutes(1);
        await using var bench = McpBench.For(server);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => bench.ListAsync()));
        server.Says("write", "");

        bench.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Single(await bench.ListAsync());
        Assert.Equal(1, server.Listed);
        bench.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["srv__read", "srv__write"], (await bench.ListAsync()).Select(tool => tool.Name));
    }

    [Fact]
    public async Task List_is_read_again_when_the_server_reports_a_change()
    {
        var changed = new ManualSignal();
        await using var server = await ScriptedMcpServer.StartAsync(sessions: true);
        server.On("grow", async (context, token) =>
        {
            server.Says("new", "");
            await context.Server.SendMessageAsync(new ModelContextProtocol.Protocol.JsonRpcNotification { Method = "notifications/tools/list_changed" }, token);
            return ScriptedMcpServer.Text("grown");
        });
        await using var bench = McpBench.For(server);
        Assert.Single(await bench.ListAsync());

        await bench.CallAsync("grow");

        // The notification may come by the other stream, after the result.
        while ((await bench.ListAsync()).Count == 1)
            await Task.Yield();
        Assert.Equal(["srv__grow", "srv__new"], (await bench.ListAsync()).Select(tool => tool.Name));
    }

    [Fact]
    public async Task Order_of_the_tools_does_not_depend_on_the_order_of_the_server()
    {
        await using var server = (await ScriptedMcpServer.StartAsync()).Says("b", "").Says("a", "").Says("c", "");
        server.TimeToLive = TimeSpan.FromMinutes(1);
        await using var bench = McpBench.For(server);
        var first = await bench.ListAsync();
        server.ToolsFor = _ => server.Tools.Reverse();
        bench.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(first.Select(tool => tool.Reference), (await bench.ListAsync()).Select(tool => tool.Reference));
        Assert.Equal(2, server.Listed);
    }

    [Fact]
    public async Task Health_is_degraded_while_the_server_is_down()
    {
        await using var server = (await ScriptedMcpServer.StartAsync()).Says("read", "");
        await using var bench = McpBench.For(server);
        var check = new McpHealthCheck(bench.Servers.Sources.Single());
        server.Intercept = Unavailable;
        Assert.Equal(HealthStatus.Degraded, (await check.CheckHealthAsync(new HealthCheckContext())).Status);

        server.Intercept = null;
        bench.Time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new HealthCheckContext())).Status);
    }

    private static Task<bool> Unavailable(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.FromResult(true);
    }
}

using System.Text.Json;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using FuncChat.Tools.Mcp.SignIn;

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

    [Theory]
    [InlineData("no-such-program", "")]
    [InlineData("dotnet", "/no/such/folder")]
    public async Task Program_that_does_not_exist_is_named_as_such(string command, string folder)
    {
        await using var bench = new McpBench(("FuncChat:Mcp:Servers:srv:Command", command), ("FuncChat:Mcp:Servers:srv:WorkingDirectory", folder));

        var failure = await Assert.ThrowsAsync<ToolSourceException>(() => bench.ListAsync());

        Assert.Equal("The program of the MCP server 'srv' can't be started: its Command, or its working folder, does not exist or can't be run.", failure.Message);
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
        Assert.Contains("The MCP server srv has more than 256 tools.", all.Logs.All, StringComparison.Ordinal);
        Assert.DoesNotContain("more than", bench.Logs.All, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"name":null,"inputSchema":{"type":"object"}}""")]
    [InlineData("""{"name":"","inputSchema":{"type":"object"}}""")]
    [InlineData("""{"name":"odd","inputSchema":{"type":"object","properties":{"a":{"x":1,"x":2} }}}""")]
    [InlineData("""{"name":"odd"}""")]
    [InlineData("""{"name":"odd","inputSchema":null}""")]
    [InlineData("""{"name":"odd","inputSchema":true}""")]
    [InlineData("""{"name":"odd","inputSchema":{"type":"array"}}""")]
    [InlineData("""{"name":"odd","inputSchema":{"type":"object","properties":{"a":"string"}}}""")]
    [InlineData("""{"name":5,"inputSchema":{"type":"object"}}""")]
    [InlineData("""{"name":"odd","inputSchema":{"type":"object"},"annotations":"yes"}""")]
    [InlineData("""{"name":"odd","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":"true","title":7}}""")]
    [InlineData("""{"name":"odd","inputSchema":{"type":"object"},"outputSchema":"none","icons":"none","_meta":[],"execution":1}""")]
    [InlineData("""{"name":"odd","inputSchema":{"type":"object"},"title":1,"description":["a"]}""")]
    public async Task Malformed_tool_costs_no_other_tool(string tool)
    {
        await using var server = (await ScriptedMcpServer.StartAsync()).Says("read", "text");
        server.Intercept = http => AnswerAsync(http, "tools/list", $$"""{"tools":[{{tool}},{"name":"read","inputSchema":{"type":"object"} }] }""");
        await using var bench = McpBench.For(server);

        Assert.Contains("srv__read", (await bench.ListAsync()).Select(each => each.Name));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tool_whose_schema_is_nested_too_deeply_costs_no_other_tool(bool asEvents)
    {
        await using var server = (await ScriptedMcpServer.StartAsync()).Says("read", "text");
        var deep = string.Concat(Enumerable.Repeat("""{"type":"object","properties":{"a":""", 100)) + "{}" + string.Concat(Enumerable.Repeat("}}", 100));
        server.Intercept = http => AnswerAsync(
            http, "tools/list", $$$"""{"tools":[{"name":"deep","inputSchema":{{{deep}}}},{"name":"read","description":"] } \" {","inputSchema":{"type":"object"}}]}""", asEvents);
        await using var bench = McpBench.For(server);

        var tool = Assert.Single(await bench.ListAsync());

        Assert.Equal(("srv__read", "] } \" {"), (tool.Name, tool.Function.Description));
        Assert.Contains("A tool of the MCP server srv is not offered", bench.Logs.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tool_whose_hints_are_not_valid_is_destructive_and_one_that_is_left_out_is_logged()
    {
        await using var server = await ScriptedMcpServer.StartAsync();
        server.Intercept = http => AnswerAsync(http, "tools/list", """
            {"nextCursor":7,"ttlMs":"long","tools":[{"name":"odd"},{"name":"a","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":"true","destructiveHint":"false"}},
            {"name":"b","inputSchema":{"type":"object","properties":{"n":null,"s":"string","m":{"type":"string","enum":null,"const":null}}},"annotations":{"readOnlyHint":true}}]}
            """);
        await using var bench = McpBench.For(server);

        var tools = await bench.ListAsync();

        Assert.Equal([("srv__a", true), ("srv__b", false)], tools.Select(tool => (tool.Name, tool.Policy.Destructive)));
        Assert.Equal("""{"type":"object","properties":{"n":{},"s":{},"m":{"type":"string","const":null}}}""", tools[1].Function.JsonSchema.GetRawText());
        Assert.Contains("A tool of the MCP server srv is not offered", bench.Logs.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_ends_its_stream_without_a_reply_is_named_as_the_cause()
    {
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).Says("read", "text");
        await using var bench = McpBench.For(server);
        await bench.CallAsync("read");
        server.Intercept = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            return await MethodOfAsync(http) == "tools/call";
        };

        var failure = await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("read"));

        Assert.Equal("The MCP server 'srv' ended its response without a reply: it may have stopped or restarted, and the call may have run.", failure.Message);
    }

    [Theory]
    [InlineData("""{"tools":null}""")]
    [InlineData("""{"tools":"none"}""")]
    [InlineData("[]")]
    public async Task List_that_is_not_one_makes_the_tools_unavailable(string result)
    {
        await using var server = await ScriptedMcpServer.StartAsync();
        server.Intercept = http => AnswerAsync(http, "tools/list", result);
        await using var bench = McpBench.For(server);

        var failure = await Assert.ThrowsAsync<ToolSourceException>(() => bench.ListAsync());

        Assert.Equal("The MCP server 'srv' did not send a valid response.", failure.Message);
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
        var session = server.Session;
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

    [Theory]
    [InlineData("application/json", """{"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: No valid session ID provided"},"id":1}""")]
    [InlineData("application/json", """{"jsonrpc":"2.0","error":{"code":-32600,"message":"Session not found"},"id":null}""")]
    [InlineData("application/json", """{"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: Server not initialized"},"id":null}""")]
    [InlineData("application/json", """{"error":"Missing session"}""")]
    [InlineData("application/json", """{"error":"Invalid or missing session ID"}""")]
    [InlineData("application/json", """{"jsonrpc":"2.0","error":{"code":-32000,"message":"Session 5f1a-77 has expired"},"id":null}""")]
    [InlineData("text/plain", "Bad Request: Mcp-Session-Id header is required")]
    [InlineData("text/plain", "Invalid session ID")]
    [InlineData("text/plain", "Session with id 5f1a-22 not found")]
    [InlineData("text/plain", "Session ID: 5f1a not found")]
    [InlineData("text/plain", "Session doesn't exist")]
    [InlineData("text/plain", "No active session")]
    [InlineData("text/plain", "No such session")]
    [InlineData("text/plain", "Couldn't find session")]
    [InlineData("text/plain", "Session has timed out")]
    [InlineData("text/plain", "Invalid sessionId")]
    [InlineData("text/plain", "Unknown sessionId")]
    [InlineData("text/plain", "No transport found for session 5f1a")]
    [InlineData("text/plain", "")]
    [InlineData("text/event-stream", ": \n\nevent: message\ndata: {\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32000,\"message\":\"Session not found\"},\"id\":1}\n\n")]
    public async Task Session_that_the_server_refuses_as_a_bad_request_is_opened_again_and_the_call_runs_once(string type, string body)
    {
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).Says("read", "text");
        await using var bench = McpBench.For(server);
        await bench.ListAsync();
        var lost = server.Session;
        server.Intercept = http => RefuseAsync(http, http.Request.Headers["Mcp-Session-Id"] == lost, type, body);

        Assert.Equal("text", await bench.CallAsync("read"));
        Assert.Equal("text", await bench.CallAsync("read"));

        Assert.Equal(2, server.Called.Count);
        // The request that ends the lost one may come last.
        Assert.Single(server.Sessions.Distinct(), session => session != lost);
    }

    [Fact]
    public async Task Bad_request_that_comes_again_in_a_new_session_is_the_error_of_the_call()
    {
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).Says("read", "text");
        await using var bench = McpBench.For(server);
        await bench.ListAsync();
        var refused = 0;
        server.Intercept = async http => await MethodOfAsync(http) == "tools/call" && ++refused > 0
            && await RefuseAsync(http, true, "application/json", """{"jsonrpc":"2.0","error":{"code":-32000,"message":"Session not found"},"id":null}""");

        var failure = await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("read"));

        Assert.Equal("The MCP server 'srv' returned an error: Session not found", failure.Message);
        Assert.Equal(2, refused);
    }

    [Theory]
    [InlineData(true, "application/json", """{"jsonrpc":"2.0","error":{"code":-32602,"message":"The session of the argument is unknown"},"id":1}""")]
    [InlineData(true, "application/json", """{"jsonrpc":"2.0","error":{"code":-32000,"message":"The disk is full"},"id":1}""")]
    [InlineData(true, "application/json", """{"jsonrpc":"2.0","error":{"code":-32000,"message":"The session has no such file"},"id":1}""")]
    [InlineData(true, "application/json", """{"error":"Invalid amount: the payment session of the customer was charged"}""")]
    [InlineData(true, "text/html", "<title>Bad request</title><p>Start a session to see more.</p>")]
    [InlineData(true, "text/plain", "A session fee is required")]
    [InlineData(false, "application/json", """{"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: No valid session ID provided"},"id":1}""")]
    [InlineData(true, "application/json", """{"jsonrpc":"2.0","error":{"code":-32000,"message":"Failed to initialize the payment"},"id":1}""")]
    [InlineData(true, "application/json", """{"error":"amount"}""")]
    [InlineData(true, "application/json", "[1]")]
    [InlineData(true, "application/json", "{")]
    [InlineData(true, "text/plain", "bad")]
    [InlineData(true, "text/event-stream", "data: {\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32000,\"message\":\"The disk is full\"},\"id\":1}\n\n")]
    public async Task Bad_request_that_does_not_mean_a_lost_session_is_not_retried(bool sessions, string type, string body)
    {
        await using var server = (await ScriptedMcpServer.StartAsync(sessions)).Says("read", "text");
        await using var bench = McpBench.For(server);
        await bench.ListAsync();
        var refused = 0;
        server.Intercept = async http => await MethodOfAsync(http) == "tools/call" && ++refused > 0 && await RefuseAsync(http, true, type, body);

        await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("read"));

        Assert.Equal(1, refused);
    }

    [Theory]
    [InlineData("application/json", """{"jsonrpc":"2.0","error":{"code":-32000,"message":"That session is gone"},"id":1}""", "returned an error: That session is gone")]
    [InlineData("application/json", """{"jsonrpc":"2.0","error":{"code":-32602,"message":"Session not found"},"id":1}""", "returned an error: Session not found")]
    [InlineData("application/json", """{"error":"That session is gone"}""", "returned HTTP status 400.")]
    [InlineData("application/json", "That session is gone", "returned HTTP status 400.")]
    [InlineData("text/plain", "That session is gone", "returned HTTP status 400.")]
    public async Task Call_after_a_bad_request_that_mentions_a_session_opens_a_new_one(string type, string body, string reason)
    {
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).Says("read", "text");
        await using var bench = McpBench.For(server);
        await bench.ListAsync();
        var lost = server.Session;
        var refused = 0;
        server.Intercept = http => RefuseAsync(http, http.Request.Method == "POST" && http.Request.Headers["Mcp-Session-Id"] == lost && ++refused > 0, type, body);

        var failure = await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("read"));

        Assert.Equal(("The MCP server 'srv' " + reason, 1), (failure.Message, refused));
        Assert.Empty(server.Called);
        Assert.Equal("text", await bench.CallAsync("read"));
    }

    [Theory]
    [InlineData(200, """{"code":-32602,"message":"Invalid params","data":[{"path":["start"],"message":"zu früh \ud83d"}]}""", "Invalid params\n[{\"path\":[\"start\"],\"message\":\"zu früh \uFFFD\"}]")]
    [InlineData(200, """{"code":-32602,"message":"Invalid params","data":"start must be before end"}""", "Invalid params\nstart must be before end")]
    [InlineData(200, """{"code":-32602,"message":"No: it is full","data":"it is full"}""", "No: it is full")]
    [InlineData(200, """{"code":-32602,"message":"Invalid params","data":null}""", "Invalid params")]
    [InlineData(400, """{"code":-32602,"message":"Invalid params","data":{"start":"ü"}}""", "Invalid params\n{\"start\":\"ü\"}")]
    [InlineData(422, """{"code":-32602,"message":"Invalid params","data":{"start":1}}""", "Invalid params\n{\"start\":1}")]
    [InlineData(500, """{"code":-32603,"message":"The disk is full"}""", "The disk is full")]
    public async Task Error_of_the_protocol_is_reported_with_its_data_and_whatever_the_status(int status, string error, string reason)
    {
        foreach (var sessions in new[] { false, true })
        {
            await using var server = (await ScriptedMcpServer.StartAsync(sessions)).Says("read", "text");
            await using var bench = McpBench.For(server);
            server.Intercept = http => AnswerAsync(http, "tools/call", "error", error, asEvents: false, type: null, status);

            var failure = await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("read"));

            Assert.Equal("The MCP server 'srv' returned an error: " + reason, failure.Message);
        }
    }

    [Theory]
    [InlineData(404, "application/json", false, false)]
    [InlineData(404, "text/event-stream", true, false)]
    [InlineData(400, "text/event-stream", true, false)]
    [InlineData(400, "text/event-stream", true, true)]
    [InlineData(422, "text/event-stream", true, true)]
    [InlineData(400, "application/json; charset=none", false, false)]
    [InlineData(400, "application/json; charset=none", false, true)]
    [InlineData(400, "application/json; charset=utf-7", false, true)]
    [InlineData(500, "application/json; charset=windows-1252", false, true)]
    [InlineData(400, "text/plain", false, true)]
    public async Task Error_of_the_protocol_is_reported_however_it_is_sent(int status, string type, bool asEvents, bool sessions)
    {
        await using var server = (await ScriptedMcpServer.StartAsync(sessions)).Says("read", "text");
        await using var bench = McpBench.For(server);
        server.Intercept = http => AnswerAsync(http, "tools/call", "error", """{"code":-32602,"message":"The start is invalid"}""", asEvents, type, status);

        var failure = await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("read"));

        Assert.Equal("The MCP server 'srv' returned an error: The start is invalid", failure.Message);
    }

    [Theory]
    [InlineData("Application/JSON; charset=UTF-8", false)]
    [InlineData("application/json; charset=none", false)]
    [InlineData("application/json; charset=utf-7", false)]
    [InlineData("Text/Event-Stream", true)]
    public async Task Response_is_read_whatever_the_case_of_its_type(string type, bool asEvents)
    {
        await using var server = (await ScriptedMcpServer.StartAsync()).Says("read", "text");
        await using var bench = McpBench.For(server);
        server.Intercept = http => AnswerAsync(http, "tools/call", """{"content":[{"type":"text","text":"mine"}]}""", asEvents, type);

        Assert.Equal("mine", await bench.CallAsync("read"));
    }

    [Fact]
    public async Task Empty_cursor_is_no_further_page()
    {
        await using var server = (await ScriptedMcpServer.StartAsync()).Says("read", "text");
        await using var bench = McpBench.For(server);
        var pages = 0;
        server.Intercept = async http => await AnswerAsync(http, "tools/list", """{"tools":[{"name":"read","inputSchema":{"type":"object"}}],"nextCursor":""}""") && ++pages > 0;

        Assert.Equal("srv__read", Assert.Single(await bench.ListAsync()).Name);
        Assert.Equal(1, pages);
    }

    [Fact]
    public async Task Calls_that_run_end_in_their_session_when_another_call_opens_a_new_one()
    {
        var (called, go) = (new ManualSignal(), new ManualSignal());
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).Says("read", "text").On("slow", async (_, token) =>
        {
            called.Set();
            await go.WaitAsync(token);
            return ScriptedMcpServer.Text("done");
        });
        await using var bench = McpBench.For(server);
        var slow = bench.CallAsync("slow");
        await called.WaitAsync();
        var lost = server.Session;
        server.Intercept = http => RefuseAsync(http, http.Request.Method == "POST" && http.Request.Headers["Mcp-Session-Id"] == lost, "text/plain", "");

        Assert.Equal("text", await bench.CallAsync("read"));
        go.Set();

        Assert.Equal("done", await slow);
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
        var check = new ToolSourceHealthCheck(bench.Servers.Sources.Single());
        server.Intercept = Unavailable;
        Assert.Equal(HealthStatus.Degraded, (await check.CheckHealthAsync(new HealthCheckContext())).Status);

        server.Intercept = null;
        bench.Time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new HealthCheckContext())).Status);
    }

    [Fact]
    public async Task Health_is_degraded_while_calls_fail_although_the_list_is_known()
    {
        await using var server = (await ScriptedMcpServer.StartAsync()).Says("read", "text").On("fail", (_, _) => new(ScriptedMcpServer.Text("no", isError: true)));
        await using var bench = McpBench.For(server);
        var check = new ToolSourceHealthCheck(bench.Servers.Sources.Single());
        for (var call = 0; call < 5; call++)
            await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("fail"));
        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new HealthCheckContext())).Status);
        server.Intercept = async http => await MethodOfAsync(http) == "tools/call" && await RefuseAsync(http, true, "text/plain", "");

        for (var call = 0; call < 3; call++)
            await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("read"));
        Assert.Equal(HealthStatus.Degraded, (await check.CheckHealthAsync(new HealthCheckContext())).Status);
        Assert.False(Assert.Single(await new McpSignIns(bench.Servers).ListAsync(ToolUser.Unknown, CancellationToken.None)).Available);

        server.Intercept = null;
        await bench.CallAsync("read");
        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new HealthCheckContext())).Status);
    }

    [Fact]
    public async Task Health_is_degraded_while_results_are_not_valid_until_the_server_replies_even_with_an_error()
    {
        await using var server = (await ScriptedMcpServer.StartAsync()).On("fail", (_, _) => new(ScriptedMcpServer.Text("no", isError: true)));
        await using var bench = McpBench.For(server);
        var check = new ToolSourceHealthCheck(bench.Servers.Sources.Single());
        server.Intercept = http => AnswerAsync(http, "tools/call", """{"content":"none"}""");

        for (var call = 0; call < 3; call++)
            await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("fail"));
        Assert.Equal(HealthStatus.Degraded, (await check.CheckHealthAsync(new HealthCheckContext())).Status);

        server.Intercept = null;
        await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("fail"));
        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new HealthCheckContext())).Status);
    }

    [Fact]
    public async Task Health_forgets_failed_calls_after_a_while()
    {
        await using var server = (await ScriptedMcpServer.StartAsync()).Says("read", "text");
        await using var bench = McpBench.For(server);
        var check = new ToolSourceHealthCheck(bench.Servers.Sources.Single());
        await bench.ListAsync();
        server.Intercept = Unavailable;
        for (var call = 0; call < 3; call++)
            await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("read"));
        server.Intercept = null;
        Assert.Equal(HealthStatus.Degraded, (await check.CheckHealthAsync(new HealthCheckContext())).Status);

        bench.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new HealthCheckContext())).Status);
    }

    private static async Task<string?> MethodOfAsync(HttpContext http)
    {
        if (http.Request.Method != "POST")
            return null;
        http.Request.EnableBuffering();
        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        http.Request.Body.Position = 0;
        return body.RootElement.TryGetProperty("method", out var method) ? method.GetString() : null;
    }

    private static Task<bool> AnswerAsync(HttpContext http, string method, string result, bool asEvents = false, string? type = null) =>
        AnswerAsync(http, method, "result", result, asEvents, type, StatusCodes.Status200OK);

    private static async Task<bool> AnswerAsync(HttpContext http, string method, string field, string value, bool asEvents, string? type, int status)
    {
        if (await MethodOfAsync(http) != method)
            return false;
        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        http.Response.StatusCode = status;
        http.Response.ContentType = type ?? (asEvents ? "text/event-stream" : "application/json");
        var message = $$"""{"jsonrpc":"2.0","id":{{body.RootElement.GetProperty("id").GetRawText()}},"{{field}}":{{value}} }""";
        await http.Response.WriteAsync(asEvents ? $": [\n\ndata: {message}\n\n" : message);
        return true;
    }

    private static async Task<bool> RefuseAsync(HttpContext http, bool refuse, string type, string body)
    {
        if (!refuse)
            return false;
        http.Response.StatusCode = StatusCodes.Status400BadRequest;
        http.Response.ContentType = type;
        await http.Response.WriteAsync(body);
        return true;
    }

    private static Task<bool> Unavailable(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.FromResult(true);
    }
}

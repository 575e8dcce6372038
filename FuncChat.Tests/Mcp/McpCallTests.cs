using System.Text.Json;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using FuncChat.Tools.Mcp;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Tool = FuncChat.Tools.Tool;

namespace FuncChat.Tests.Mcp;

public sealed class McpCallTests : IAsyncLifetime
{
    private ScriptedMcpServer _server = null!;

    public async Task InitializeAsync() => _server = await ScriptedMcpServer.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Hundreds_of_calls_with_a_connection_for_each_user_run_at_the_same_time()
    {
        const int calls = 200;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var (running, all) = (0, new ManualSignal());
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).On("wait", async (_, token) =>
        {
            if (Interlocked.Increment(ref running) == calls)
                all.Set();
            await all.WaitAsync(token);
            return ScriptedMcpServer.Text("done");
        });
        await using var bench = McpBench.For(server, ("Auth", "user"));
        var user = new ToolUser("ann", "token");
        await bench.ListAsync(user);

        var results = await Task.WhenAll(Enumerable.Range(0, calls).Select(_ => bench.CallAsync("wait", new McpRun(user), deadline.Token)));

        Assert.All(results, result => Assert.Equal("done", result));
    }

    [Fact]
    public async Task Image_that_is_kept_becomes_a_reference()
    {
        _server.On("draw", (_, _) => new(new CallToolResult { Content = [ImageContentBlock.FromBytes(new byte[] { 1, 2, 3 }, "image/png"), ImageContentBlock.FromBytes(new byte[30], "image/png")] }));
        await using var bench = McpBench.For(_server);
        var run = new McpRun { KeptImage = "file_0123456789abcdef0123456789abcdef" };

        var result = await bench.CallAsync("draw", run: run);

        Assert.Equal("[image, kept as file_0123456789abcdef0123456789abcdef]\n\n[image, image/png, about 30 bytes, not shown]", result);
        Assert.Equal(new byte[] { 1, 2, 3 }, run.Images[0].ToArray());
    }

    [Theory]
    [InlineData("""{"content":[{"type":"text","text":"caf\udce9 \ud83d\ude00 \\ud83d"}]}""", "caf\uFFFD 😀 \\ud83d")]
    [InlineData("""{"content":[],"structuredContent":{"name":"\ud83d"}}""", "{\"name\":\"\uFFFD\"}")]
    [InlineData("""{"content":[],"structuredContent":{"\ud83d":{"a\udce9":1}}}""", "{\"\uFFFD\":{\"a\uFFFD\":1}}")]
    [InlineData("""{"content":[{"type":"resource_link","uri":"file:///a","name":"\udc80"}]}""", "[Resource \uFFFD: file:///a]")]
    public async Task Half_surrogate_pair_in_a_result_is_replaced(string result, string text) => Assert.Equal(text, await TextOfAsync(result));

    [Theory]
    [InlineData("text/plain", "aGkgw6kK", "[Resource file:///a]\nhi é\n")]
    [InlineData("application/vnd.x+json; charset=utf-8", "e30=", "[Resource file:///a]\n{}")]
    [InlineData("application/octet-stream", "aGkK", "[resource file:///a, application/octet-stream, about 3 bytes, not shown]")]
    [InlineData("text/plain", "/w==", "[resource file:///a, text/plain, about 3 bytes, not shown]")]
    public async Task Text_of_a_resource_that_is_sent_as_binary_is_shown(string type, string blob, string text) => Assert.Equal(
        text, await TextOfAsync($$$"""{"content":[{"type":"resource","resource":{"uri":"file:///a","mimeType":"{{{type}}}","blob":"{{{blob}}}"}}]}"""));

    [Theory]
    [InlineData("""{"content":[{"type":"text","text":"hello\nworld"}],"structuredContent":{"content":"hello\nworld"}}""", "hello\nworld")]
    [InlineData("""{"content":[{"type":"text","text":"[ 1, {\"a\":2} ]"}],"structuredContent":{"items":[1,{"a":2}]}}""", "[ 1, {\"a\":2} ]")]
    [InlineData("""{"content":[{"type":"text","text":"a"},{"type":"text","text":"{\"b\":1}"}],"structuredContent":{"result":["a",{"b":1}]}}""", "a\n\n{\"b\":1}")]
    [InlineData("""{"content":[{"type":"text","text":"5"}],"structuredContent":{"result":5}}""", "5")]
    [InlineData("""{"content":[{"type":"image","data":"AQID","mimeType":"image/png"}],"structuredContent":{"content":[{"type":"image","data":"AQID","mimeType":"image/png"}]}}""",
        "[image, image/png, about 3 bytes, not shown]")]
    [InlineData("""
        {"content":[{"type":"resource","resource":{"uri":"file:///a","mimeType":"text/x","blob":"AQID"}}],
        "structuredContent":{"content":[{"type":"resource","resource":{"uri":"file:///a","mimeType":"text/x","blob":"AQID"}}]}}
        """, "[resource file:///a, text/x, about 3 bytes, not shown]")]
    [InlineData("""{"content":[{"type":"text","text":"a"}],"structuredContent":{"elements":[]}}""", "a\n\n{\"elements\":[]}")]
    [InlineData("""{"content":[{"type":"resource_link","uri":"file:///a","name":"a"}],"structuredContent":{"elements":[]}}""", "[Resource a: file:///a]\n\n{\"elements\":[]}")]
    [InlineData("""{"content":[{"type":"text","text":"Found 2"}],"structuredContent":{"result":[1,2]}}""", "Found 2\n\n{\"result\":[1,2]}")]
    [InlineData("""{"content":[{"type":"text","text":"a"}],"structuredContent":{"content":"a","more":1}}""", "a\n\n{\"content\":\"a\",\"more\":1}")]
    [InlineData("""{"content":[],"structuredContent":{"result":[]}}""", "{\"result\":[]}")]
    public async Task Structured_content_is_shown_when_it_says_more_than_the_content(string result, string text) => Assert.Equal(text, await TextOfAsync(result));

    [Theory]
    [InlineData("""{"content":[{"type":"hologram","data":"x"},{"type":"text","text":"and text"}]}""", "[Content of type hologram, not shown]\n\nand text")]
    [InlineData("""{"content":[{"type":"text","text":"a"},{"type":"text","text":null},{"type":"image","data":5,"mimeType":"image/png"}]}""",
        "a\n\n[Content of type text, not shown]\n\n[image, image/png, about 0 bytes, not shown]")]
    [InlineData("""{"content":[null,{"kind":"text"},7,{"type":{}},{"type":"resource"},{"type":"resource","resource":{"uri":"file:///a"}}]}""",
        "[Content of unknown type, not shown]\n\n[Content of unknown type, not shown]\n\n[Content of unknown type, not shown]\n\n[Content of unknown type, not shown]\n\n[Content of type resource, not shown]\n\n[Content of type resource, not shown]")]
    [InlineData("""{"content":[{"type":"text","text":"a","annotations":"none"},{"type":"text","text":"b","annotations":{"priority":"high"},"_meta":7}]}""", "a\n\nb")]
    [InlineData("""{"content":[{"type":"image","data":"AAAA","mimeType":"image/png","annotations":[]}]}""", "[image, image/png, about 3 bytes, not shown]")]
    [InlineData("""{"content":[{"type":"tool_use","id":"1","name":"x","input":{}}],"_meta":null,"isError":null,"structuredContent":null}""", "[Content of type tool_use, not shown]")]
    [InlineData("""{"structuredContent":[1]}""", "[1]")]
    [InlineData("""{"content":null,"structuredContent":[1]}""", "[1]")]
    [InlineData("""{"content":[{"type":"text","text":"a"}],"isError":"false"}""", "a")]
    [InlineData("""{"content":[{"type":"text","text":"a"}],"_meta":"none"}""", "a")]
    [InlineData("""{"content":[{"type":"text","text":"a"}],"_meta":{"x":1,"x":2}}""", "a")]
    [InlineData("{}", "The tool returned nothing.")]
    public async Task Content_that_is_not_known_is_named_and_costs_no_other(string result, string text) => Assert.Equal(text, await TextOfAsync(result));

    [Theory]
    [InlineData("""{"content":null}""")]
    [InlineData("""{"content":"text"}""")]
    [InlineData("""{"content":[],"isError":7}""")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    public async Task Result_that_is_not_valid_is_an_error_of_the_call(string result)
    {
        var failure = await Assert.ThrowsAsync<ToolException>(() => TextOfAsync(result));

        Assert.Equal("The MCP server 'srv' did not send a valid response.", failure.Message);
    }

    [Fact]
    public async Task Result_that_is_an_error_in_a_text_is_an_error()
    {
        var failure = await Assert.ThrowsAsync<ToolException>(() => TextOfAsync("""{"content":[{"type":"text","text":"There is no such file."}],"isError":"true"}"""));

        Assert.Equal("There is no such file.", failure.Message);
    }

    [Fact]
    public void Half_a_surrogate_pair_of_a_process_costs_no_other_tool_and_no_other_content()
    {
        var page = McpToolPage.Read(JsonElement.Parse(
            """{"tools":[{"name":"a\udce9"},{"name":"b","description":"\udce9"},{"name":"c","\udce9":1},{"name":"d"}]}"""));
        var result = McpResult.Read(JsonElement.Parse("""{"content":[{"type":"a\udce9"},{"type":"text","text":"b"}]}"""));

        Assert.Equal([null, "b", null, "d"], page.Tools.Select(tool => tool?.Name));
        Assert.Equal(["[Content of unknown type, not shown]", "b"], result.Content.Cast<TextContentBlock>().Select(block => block.Text));
    }

    [Fact]
    public async Task Tools_are_listed_when_the_schema_of_one_has_half_a_surrogate_pair_as_a_name()
    {
        _server.Intercept = http => AnswerAsync(
            http, "tools/list", """{"tools":[{"name":"odd","inputSchema":{"type":"object","properties":{"a\udce9":{"type":"string"}}}},{"name":"plain","inputSchema":{"type":"object"}}]}""");
        await using var bench = McpBench.For(_server);

        Assert.Equal(["srv__odd", "srv__plain"], (await bench.ListAsync()).Select(tool => tool.Name).Order());
    }

    [Fact]
    public async Task Result_that_has_a_property_twice_fails_its_own_call_only()
    {
        var (waiting, go) = (new ManualSignal(), new ManualSignal());
        _server.Says("list", "").On("wait", async (_, token) =>
        {
            waiting.Set();
            await go.WaitAsync(token);
            return ScriptedMcpServer.Text("done");
        });
        await using var bench = McpBench.For(_server);
        var other = bench.CallAsync("wait");
        await waiting.WaitAsync();
        _server.Intercept = http => AnswerCallAsync(http, """{"content":[],"content":[]}""");

        Assert.Equal("The MCP server 'srv' failed.", (await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("list"))).Message);

        go.Set();
        Assert.Equal("done", await other);
    }

    // What the model reads of a result.
    private async Task<string> TextOfAsync(string result)
    {
        _server.Says("list", "");
        await using var bench = McpBench.For(_server);
        await bench.ListAsync();
        _server.Intercept = http => AnswerCallAsync(http, result);
        return await bench.CallAsync("list");
    }

    private static Task<bool> AnswerCallAsync(HttpContext http, string result) => AnswerAsync(http, "tools/call", result);

    private static async Task<bool> AnswerAsync(HttpContext http, string method, string result)
    {
        if (http.Request.Method != "POST")
            return false;
        http.Request.EnableBuffering();
        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        http.Request.Body.Position = 0;
        if (body.RootElement.GetProperty("method").GetString() != method)
            return false;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync($$"""{"jsonrpc":"2.0","id":{{body.RootElement.GetProperty("id").GetRawText()}},"result":{{result}} }""");
        return true;
    }

    [Fact]
    public async Task Tools_have_the_servers_prefix_and_the_policy_of_their_hints()
    {
        _server.Says("write", "").Says("read", "", new ToolAnnotations { ReadOnlyHint = true }).Says("add", "", new ToolAnnotations { DestructiveHint = false });
        await using var bench = McpBench.For(_server);

        var tools = (await bench.ListAsync()).ToDictionary(tool => tool.Name);

        Assert.Equal(["srv__add", "srv__read", "srv__write"], tools.Keys);
        Assert.Equal(new ToolPolicy { ReturnsUntrusted = true, Destructive = false }, tools["srv__add"].Policy);
        Assert.Equal(new ToolPolicy { ReturnsUntrusted = true, Destructive = false, ReadOnly = true }, tools["srv__read"].Policy);
        Assert.Equal(new ToolPolicy { ReturnsUntrusted = true, Destructive = true }, tools["srv__write"].Policy);
    }

    [Fact]
    public async Task Call_passes_the_arguments_and_returns_the_text()
    {
        _server.On("echo", (context, _) => new(ScriptedMcpServer.Text(JsonSerializer.Serialize(context.Params!.Arguments))));
        await using var bench = McpBench.For(_server);

        var result = await bench.CallAsync("echo", arguments: [("text", JsonSerializer.SerializeToElement("Grüße")), ("count", 2)]);

        Assert.Equal("Grüße", JsonSerializer.Deserialize<JsonElement>(result).GetProperty("text").GetString());
        Assert.Equal(2, JsonSerializer.Deserialize<JsonElement>(result).GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Call_fails_with_the_servers_text_when_the_result_is_an_error()
    {
        _server.On("fail", (_, _) => new(ScriptedMcpServer.Text("There is no such file.", isError: true)));
        await using var bench = McpBench.For(_server);

        var failure = await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("fail"));

        Assert.Equal("There is no such file.", failure.Message);
    }

    [Fact]
    public async Task Call_fails_with_the_servers_message_when_the_protocol_reports_an_error()
    {
        _server.On("fail", (_, _) => throw new McpProtocolException("The argument \u202Epath\u0007 is wrong.", McpErrorCode.InvalidParams));
        await using var bench = McpBench.For(_server);

        var failure = await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("fail"));

        Assert.Contains("The MCP server 'srv' returned an error: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("The argument path is wrong.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Result_keeps_every_kind_of_content_as_text_or_as_a_note()
    {
        _server.On("all", (_, _) => new(new CallToolResult
        {
            Content =
            [
                new TextContentBlock { Text = "Text." },
                ImageContentBlock.FromBytes(new byte[30], "image/png"),
                new ResourceLinkBlock { Uri = "file:///report.txt", Name = "report", Description = "The report." },
                new EmbeddedResourceBlock { Resource = new TextResourceContents { Uri = "file:///a.txt", Text = "Inside." } },
            ],
            StructuredContent = JsonSerializer.SerializeToElement(new { total = 3 }),
        }));
        await using var bench = McpBench.For(_server);

        Assert.Equal(
            """
            Text.

            [image, image/png, about 30 bytes, not shown]

            [Resource report: file:///report.txt]
            The report.

            [Resource file:///a.txt]
            Inside.

            {"total":3}
            """,
            await bench.CallAsync("all"));
    }

    [Fact]
    public async Task Result_has_structured_content_once_when_the_server_repeats_it_as_text()
    {
        _server.On("both", (_, _) => new(new CallToolResult
        {
            Content = [new TextContentBlock { Text = """{ "total": 3 }""" }],
            StructuredContent = JsonSerializer.SerializeToElement(new { total = 3 }),
        }));
        await using var bench = McpBench.For(_server);

        Assert.Equal("""{ "total": 3 }""", await bench.CallAsync("both"));
    }

    [Fact]
    public async Task Progress_is_reported_and_restarts_the_timeout_of_the_call()
    {
        var go = new ManualSignal();
        _server.On("slow", async (context, token) =>
        {
            var progress = context.Params!.ProgressToken!.Value;
            await context.Server.NotifyProgressAsync(progress, new ProgressNotificationValue { Progress = 1, Total = 3, Message = "Page 1" }, cancellationToken: token);
            await go.WaitAsync(token);
            return ScriptedMcpServer.Text("done");
        });
        await using var bench = McpBench.For(_server, ("Timeout", "10"));
        await bench.ListAsync();
        var run = new McpRun();
        var call = bench.CallAsync("slow", run);

        Assert.Equal(("Page 1", 1, 3), await run.NextReportAsync());
        bench.Time.Advance(TimeSpan.FromSeconds(9));
        go.Set();

        Assert.Equal("done", await call);
    }

    [Theory]
    [InlineData(10, "did not respond within 10 seconds.")]
    [InlineData(30, "did not end within 20 seconds.")]
    public async Task Call_ends_when_the_server_is_silent_or_takes_too_long(int timeout, string message)
    {
        var called = new ManualSignal();
        var cancelled = new ManualSignal();
        NeverReturns(called, cancelled);
        await using var bench = McpBench.For(_server, ("Timeout", $"{timeout}"), ("MaxDuration", "20"));
        var call = bench.CallAsync("never");
        await called.WaitAsync();

        bench.Time.Advance(TimeSpan.FromSeconds(Math.Min(timeout, 20)));

        Assert.Contains(message, (await Assert.ThrowsAsync<ToolException>(() => call)).Message, StringComparison.Ordinal);
        await cancelled.WaitAsync();
    }

    [Fact]
    public async Task Cancelling_a_call_cancels_it_on_the_server()
    {
        var called = new ManualSignal();
        var cancelled = new ManualSignal();
        NeverReturns(called, cancelled);
        await using var bench = McpBench.For(_server);
        using var stop = new CancellationTokenSource();
        var call = bench.CallAsync("never", cancellationToken: stop.Token);
        await called.WaitAsync();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await cancelled.WaitAsync();
    }

    [Fact]
    public async Task Cancelling_a_call_leaves_the_connection_to_the_other_calls()
    {
        await using var server = await ScriptedMcpServer.StartAsync(sessions: true);
        var (called, gate) = (new ManualSignal(), new ManualSignal());
        server.On("never", async (_, token) =>
        {
            called.Set();
            await new TaskCompletionSource().Task.WaitAsync(token);
            return ScriptedMcpServer.Text("");
        });
        server.On("slow", async (_, token) =>
        {
            await gate.WaitAsync(token);
            return ScriptedMcpServer.Text("done");
        });
        await using var bench = McpBench.For(server);
        using var stop = new CancellationTokenSource();
        var other = bench.CallAsync("slow");
        var call = bench.CallAsync("never", cancellationToken: stop.Token);
        await called.WaitAsync();

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        gate.Set();

        Assert.Equal("done", await other);
        Assert.Single(server.Headers.Select(headers => $"{headers["Mcp-Session-Id"]}").Where(id => id.Length > 0).Distinct());
    }

    [Fact]
    public async Task Long_run_that_is_repeated_does_not_call_again()
    {
        _server.Says("build", "built");
        await using var bench = McpBench.For(_server, ("LongRunning", "build"));
        var run = new McpRun();

        Assert.True(Assert.Single(await bench.ListAsync()).Policy.LongRunning);
        Assert.Equal("built", await bench.CallAsync("build", run));
        Assert.Equal("built", await bench.CallAsync("build", run));

        Assert.Single(_server.Called);
    }

    [Fact]
    public async Task Large_result_is_returned_and_one_beyond_the_limit_is_a_failure()
    {
        _server.Says("large", new string('a', 1024 * 1024)).Says("huge", new string('a', 9 * 1024 * 1024));
        await using var bench = McpBench.For(_server);

        Assert.Equal(1024 * 1024, (await bench.CallAsync("large")).Length);
        var failure = await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("huge"));
        Assert.Equal("The MCP server 'srv' sent a response that is too large.", failure.Message);
        Assert.Equal(1024 * 1024, (await bench.CallAsync("large")).Length);
    }

    [Fact]
    public async Task Hostile_names_descriptions_and_schemas_become_ones_that_every_provider_accepts()
    {
        _server.Says("delete everything\n\"now\"", "", description: "Deletes.\u202E\U000E0041 \u0007Really.")
            .On("circle", (_, _) => new(ScriptedMcpServer.Text("")), """{"type":"object","properties":{"a":{"$ref":"https://evil.test/schema.json","default":null,"pattern":"(a+)+$"}}}""")
            .On("bare", (_, _) => new(ScriptedMcpServer.Text("")), """{"type":"object"}""");
        await using var bench = McpBench.For(_server);

        var tools = await bench.ListAsync();

        Assert.All(tools, tool => Assert.Matches("^srv__[A-Za-z0-9_-]{1,59}$", tool.Name));
        Assert.Equal(["""{"type":"object","properties":{}}"""], tools.Where(tool => tool.Name == "srv__bare").Select(Schema));
        Assert.Equal(["""{"type":"object","properties":{"a":{}}}"""], tools.Where(tool => tool.Name == "srv__circle").Select(Schema));
        Assert.Equal("Deletes. Really.", tools.Single(tool => tool.Name.StartsWith("srv__delete_everything", StringComparison.Ordinal)).Description);
    }

    private void NeverReturns(ManualSignal called, ManualSignal cancelled) => _server.On("never", async (_, token) =>
    {
        called.Set();
        try
        {
            await new TaskCompletionSource().Task.WaitAsync(token);
        }
        finally
        {
            cancelled.Set();
        }

        return ScriptedMcpServer.Text("");
    });

    private static string Schema(Tool tool) => tool.Function.JsonSchema.GetRawText();
}

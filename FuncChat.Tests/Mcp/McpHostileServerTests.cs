using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using FuncChat.Tools.Mcp;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Moq;

namespace FuncChat.Tests.Mcp;

/// <summary>Servers that send without end, never end what they send, or let requests wait.</summary>
public sealed class McpHostileServerTests : IDisposable
{
    // A failure ends a test that would otherwise wait for ever. Some tests install packages first.
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(2));

    public void Dispose() => _deadline.Dispose();

    [Fact]
    public async Task Server_whose_requests_are_answered_at_once_may_send_any_number()
    {
        var answers = new SemaphoreSlim(0);
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).Says("ask", "");
        server.Intercept = async http =>
        {
            var (method, id) = await ReadAsync(http);
            if (http.Request.Method == "POST" && method is null)
                answers.Release();
            if (method != "tools/call")
                return false;
            var send = await StreamAsync(http);
            for (var number = 0; number < 100; number++)
            {
                await send($$"""{"jsonrpc":"2.0","id":"ping-{{number}}","method":"ping"}""");
                await answers.WaitAsync(_deadline.Token);
            }

            await send($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[{"type":"text","text":"done"}]}}""");
            return true;
        };
        await using var bench = McpBench.For(server);

        Assert.Equal("done", await bench.CallAsync("ask", cancellationToken: _deadline.Token));
    }

    [Theory]
    [InlineData("ping")]
    [InlineData("roots/list")]
    [InlineData("sampling/createMessage")]
    [InlineData("unknown")]
    public async Task Server_that_sends_requests_and_does_not_take_the_answers_loses_its_connection(string method)
    {
        var (answers, first) = (0, 0);
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).Says("ask", "").Says("read", "text");
        server.Intercept = async http =>
        {
            var (called, id) = await ReadAsync(http);
            if (http.Request.Method == "POST" && called is null)
            {
                Interlocked.Increment(ref answers);
                await EndAsync(http);
                return true;
            }

            if (called != "tools/call" || Interlocked.Increment(ref first) > 1)
                return false;
            var send = await StreamAsync(http);
            for (var number = 0; number < 200; number++)
                await send($$$"""{"jsonrpc":"2.0","id":{{{number}}},"method":"{{{method}}}","params":{}}""");
            while (Volatile.Read(ref answers) < 200 && !http.RequestAborted.IsCancellationRequested)
                await Task.Yield();
            await send($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[]}}""");
            return true;
        };
        await using var bench = McpBench.For(server);

        var failure = await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("ask", cancellationToken: _deadline.Token));

        Assert.Equal("The MCP server 'srv' sent too many requests at the same time.", failure.Message);
        Assert.InRange(answers, 0, 36);
        Assert.Equal("text", await bench.CallAsync("read", cancellationToken: _deadline.Token));
    }

    [Fact]
    public async Task Server_that_sends_requests_without_end_on_its_own_stream_has_no_tools()
    {
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).Says("read", "text");
        server.Intercept = async http =>
        {
            if (http.Request.Method == "POST" && (await ReadAsync(http)).Method is null or "notifications/initialized")
            {
                await EndAsync(http);
                return true;
            }

            if (http.Request.Method != "GET")
                return false;
            var send = await StreamAsync(http);
            for (var number = 0; !http.RequestAborted.IsCancellationRequested; number++)
                await send($$"""{"jsonrpc":"2.0","id":{{number}},"method":"ping"}""");
            return true;
        };
        await using var bench = McpBench.For(server);

        var failure = await Assert.ThrowsAsync<ToolSourceException>(() => bench.ListAsync().WaitAsync(_deadline.Token));

        Assert.Equal("The MCP server 'srv' sent too many requests at the same time.", failure.Message);
    }

    [Fact]
    public async Task End_of_a_session_does_not_wait_for_a_server_that_does_not_confirm_it()
    {
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).Says("read", "text");
        var bench = McpBench.For(server);
        await bench.CallAsync("read");
        var (ending, ended) = (new ManualSignal(), new ManualSignal());
        server.Intercept = async http =>
        {
            if (http.Request.Method != "DELETE")
                return false;
            ending.Set();
            await EndAsync(http);
            ended.Set();
            return true;
        };

        var end = bench.DisposeAsync().AsTask();
        await ending.WaitAsync(_deadline.Token);
        bench.Time.Advance(TimeSpan.FromSeconds(3));

        await end.WaitAsync(_deadline.Token);
        await ended.WaitAsync(_deadline.Token);
    }

    [Fact]
    public async Task Server_that_cancels_its_requests_before_it_takes_the_answers_loses_its_connection()
    {
        var answers = 0;
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).Says("ask", "");
        server.Intercept = async http =>
        {
            var (method, id) = await ReadAsync(http);
            if (http.Request.Method == "POST" && method is null)
            {
                Interlocked.Increment(ref answers);
                await EndAsync(http);
                return true;
            }

            if (method != "tools/call")
                return false;
            var send = await StreamAsync(http);
            for (var number = 0; number < 200; number++)
            {
                // In one write, so that the request is canceled before it is answered.
                await send(
                    $$"""{"jsonrpc":"2.0","id":{{number}},"method":"ping"}""" + "\n\ndata: "
                    + $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{number}}}}}""");
            }

            await send($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[]}}""");
            return true;
        };
        await using var bench = McpBench.For(server);

        var failure = await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("ask", cancellationToken: _deadline.Token));

        Assert.Equal("The MCP server 'srv' sent too many requests at the same time.", failure.Message);
        Assert.InRange(Volatile.Read(ref answers), 0, 36);
    }

    [Fact]
    public async Task Server_may_send_a_request_in_each_of_many_calls_before_it_takes_the_answers()
    {
        const int Calls = 100;
        var (sent, all) = (0, new ManualSignal());
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).Says("ask", "");
        server.Intercept = async http =>
        {
            var (method, id) = await ReadAsync(http);
            if (http.Request.Method == "POST" && method is null)
                await all.WaitAsync(_deadline.Token);
            if (method != "tools/call")
                return false;
            var send = await StreamAsync(http);
            await send($$"""{"jsonrpc":"2.0","id":"ping-{{id}}","method":"ping"}""");
            if (Interlocked.Increment(ref sent) == Calls)
                all.Set();
            await all.WaitAsync(_deadline.Token);
            await send($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[{"type":"text","text":"done"}]}}""");
            return true;
        };
        await using var bench = McpBench.For(server);

        var results = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => bench.CallAsync("ask", cancellationToken: _deadline.Token)));

        Assert.Equal(Enumerable.Repeat("done", Calls), results);
    }

    [Fact]
    public async Task Server_may_use_the_id_of_a_request_that_is_not_answered_for_another_one()
    {
        var (answers, both) = (0, new ManualSignal());
        var answered = new SemaphoreSlim(0);
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).Says("ask", "");
        server.Intercept = async http =>
        {
            var (method, id) = await ReadAsync(http);
            if (http.Request.Method == "POST" && method is null)
            {
                answered.Release();
                if (Interlocked.Increment(ref answers) == 2)
                    both.Set();
                await both.WaitAsync(_deadline.Token);
            }

            if (method != "tools/call")
                return false;
            var send = await StreamAsync(http);
            for (var number = 0; number < 2; number++)
            {
                await send("""{"jsonrpc":"2.0","id":0,"method":"ping"}""");
                await answered.WaitAsync(_deadline.Token);
            }

            await send($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[{"type":"text","text":"done"}]}}""");
            return true;
        };
        await using var bench = McpBench.For(server);

        Assert.Equal("done", await bench.CallAsync("ask", cancellationToken: _deadline.Token));
    }

    [Fact]
    public async Task Array_of_messages_with_bytes_that_are_no_text_is_read()
    {
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).Says("read", "");
        server.Intercept = async http =>
        {
            var (method, id) = await ReadAsync(http);
            if (method != "tools/call")
                return false;
            http.Response.ContentType = "text/event-stream";
            var batch = $$$"""data: [{"result":{"content":[{"type":"text","text":"one ÿ two"}]},"id":{{{id}}},"jsonrpc":"2.0"}]""" + "\n\n";
            await http.Response.Body.WriteAsync(Encoding.Latin1.GetBytes(batch));
            return true;
        };
        await using var bench = McpBench.For(server);

        Assert.Equal("one \uFFFD two", await bench.CallAsync("read", cancellationToken: _deadline.Token));
    }

    [Theory]
    [InlineData("application/json", "{0}")]
    [InlineData("application/json", "[{0}]")]
    [InlineData("application/json", " [{1}, {0},{1}]")]
    [InlineData("text/event-stream", "data: {0}\n\n")]
    [InlineData("text/event-stream", "id: 1\nretry: 5\ndata:\n\nid: 2\nevent: message\ndata: [{1}, {0}]\n\n")]
    [InlineData("text/event-stream", ": hello\r\ndata: [\r\ndata: {0}\r\ndata: ]\r\n\r\n")]
    [InlineData("text/event-stream", "data: []\n\ndata: [1, {1}]\n\ndata: {0}\n\n")]
    public async Task Server_may_return_the_number_of_a_request_as_a_text_and_messages_in_an_array(string type, string body)
    {
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).Says("read", "");
        server.Intercept = async http =>
        {
            var (method, id) = await ReadAsync(http);
            if (method != "tools/call")
                return false;
            http.Response.ContentType = type;
            var message = $$$"""{"result":{"content":[{"type":"text","text":"done"}]},"id":"{{{id}}}","jsonrpc":"2.0"}""";
            const string Report = """{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}""";
            await http.Response.WriteAsync(body.Replace("{0}", message, StringComparison.Ordinal).Replace("{1}", Report, StringComparison.Ordinal));
            return true;
        };
        await using var bench = McpBench.For(server);

        Assert.Equal("done", await bench.CallAsync("read", cancellationToken: _deadline.Token));
    }

    [Theory]
    [InlineData("\"7\"", true)]
    [InlineData("\"07\"", false)]
    [InlineData("\"8\"", false)]
    [InlineData("\" 7\"", false)]
    public async Task Text_is_the_id_of_a_running_request_only_if_it_is_exactly_its_number(string id, bool isNumber)
    {
        var messages = Channel.CreateUnbounded<JsonRpcMessage>();
        var transport = new Mock<ITransport>();
        transport.Setup(each => each.MessageReader).Returns(messages.Reader);
        var inner = new Mock<IClientTransport>();
        inner.Setup(each => each.ConnectAsync(It.IsAny<CancellationToken>())).ReturnsAsync(transport.Object);
        await using var connection = await new LimitedTransport(inner.Object, TimeProvider.System).ConnectAsync(_deadline.Token);
        await connection.SendMessageAsync(new JsonRpcRequest { Method = "tools/call", Id = new RequestId(7) }, _deadline.Token);
        messages.Writer.TryWrite(JsonSerializer.Deserialize<JsonRpcMessage>($$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"ping"}""", McpJsonUtilities.DefaultOptions)!);
        messages.Writer.TryWrite(JsonSerializer.Deserialize<JsonRpcMessage>($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{}}""", McpJsonUtilities.DefaultOptions)!);

        var request = Assert.IsType<JsonRpcRequest>(await connection.MessageReader.ReadAsync(_deadline.Token));
        var response = Assert.IsType<JsonRpcResponse>(await connection.MessageReader.ReadAsync(_deadline.Token));

        Assert.IsType<string>(request.Id.Id);
        Assert.Equal(isNumber, response.Id == new RequestId(7));
    }

    [Fact]
    public async Task List_whose_response_stalls_fails_and_its_request_ends()
    {
        var (stalled, ended) = (new ManualSignal(), new ManualSignal());
        await using var server = (await ScriptedMcpServer.StartAsync()).Says("read", "text");
        server.Intercept = http => StallAsync(http, "tools/list", stalled, ended);
        await using var bench = McpBench.For(server);
        var list = bench.ListAsync();
        await stalled.WaitAsync(_deadline.Token);

        bench.Time.Advance(TimeSpan.FromSeconds(30));

        var failure = await Assert.ThrowsAsync<ToolSourceException>(() => list.WaitAsync(_deadline.Token));
        Assert.Equal("The MCP server 'srv' did not respond in time.", failure.Message);
        await ended.WaitAsync(_deadline.Token);
        server.Intercept = null;
        bench.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.Single(await bench.ListAsync());
    }

    [Fact]
    public async Task List_of_a_server_that_stalls_again_waits_three_seconds()
    {
        await using var server = (await ScriptedMcpServer.StartAsync()).Says("read", "text");
        await using var bench = McpBench.For(server);
        foreach (var seconds in (int[])[30, 3])
        {
            bench.Time.Advance(TimeSpan.FromSeconds(15));
            var stalled = new ManualSignal();
            server.Intercept = http => StallAsync(http, "tools/list", stalled, new ManualSignal());
            var list = bench.ListAsync();
            await stalled.WaitAsync(_deadline.Token);

            bench.Time.Advance(TimeSpan.FromSeconds(seconds));

            var failure = await Assert.ThrowsAsync<ToolSourceException>(() => list.WaitAsync(_deadline.Token));
            Assert.Equal("The MCP server 'srv' did not respond in time.", failure.Message);
        }
    }

    [Fact]
    public async Task Request_of_a_call_whose_response_stalls_ends_with_the_call()
    {
        var (stalled, ended) = (new ManualSignal(), new ManualSignal());
        await using var server = (await ScriptedMcpServer.StartAsync()).Says("read", "text");
        server.Intercept = http => StallAsync(http, "tools/call", stalled, ended);
        await using var bench = McpBench.For(server);
        var call = bench.CallAsync("read");
        await stalled.WaitAsync(_deadline.Token);

        bench.Time.Advance(TimeSpan.FromMinutes(1));

        await Assert.ThrowsAsync<ToolException>(() => call.WaitAsync(_deadline.Token));
        await ended.WaitAsync(_deadline.Token);
    }

    [Fact]
    public async Task Stream_that_asks_to_be_opened_again_at_once_is_opened_again_after_a_second()
    {
        var (opened, first) = (0, new ManualSignal());
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).Says("read", "text");
        server.Intercept = async http =>
        {
            if (http.Request.Method != "GET")
                return false;
            Interlocked.Increment(ref opened);
            first.Set();
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("id: 1\nretry: 0\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}\n\n");
            return true;
        };
        await using var bench = McpBench.For(server);

        for (var call = 0; call < 100; call++)
            await bench.CallAsync("read", cancellationToken: _deadline.Token);
        await first.WaitAsync(_deadline.Token);

        Assert.Equal(1, Volatile.Read(ref opened));
        while (Volatile.Read(ref opened) < 2)
        {
            _deadline.Token.ThrowIfCancellationRequested();
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Progress_is_reported_a_few_times_and_then_for_each_second()
    {
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).Says("count", "");
        await using var bench = McpBench.For(server);
        var run = new McpRun();
        AnswerCalls(server, async (id, token, send) =>
        {
            foreach (var seconds in (int[])[0, 10])
            {
                bench.Time.Advance(TimeSpan.FromSeconds(seconds));
                for (var number = 0; number < 500; number++)
                    await send($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"{{{token}}}","progress":1}}""");
                for (var number = 0; number < 20; number++)
                    await run.NextReportAsync().AsTask().WaitAsync(_deadline.Token);
            }

            await send($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[]}}""");
        });

        await bench.CallAsync("count", run, _deadline.Token);

        Assert.Equal(0, run.ReportCount);
    }

    [Fact]
    public async Task Progress_is_reported_in_its_order_and_odd_reports_are_ignored()
    {
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).Says("count", "done");
        await using var bench = McpBench.For(server);
        var run = new McpRun();
        AnswerCalls(server, async (id, token, send) =>
        {
            foreach (var odd in (string[])["null", "[]", "{}", $$"""{"progressToken":"{{token}}","progress":"1"}""", """{"progressToken":"another","progress":1}""", """{"progressToken":7,"progress":1}""", """{"progressToken":{},"progress":{}}"""])
                await send($$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{{odd}}}""");
            for (var number = 1; number <= 20; number++)
                await send($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"{{{token}}}","progress":{{{number}}}}}""");
            await send($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[{"type":"text","text":"done"}]}}""");
        });

        Assert.Equal("done", await bench.CallAsync("count", run, _deadline.Token));

        var steps = new List<int?>();
        while (run.ReportCount > 0)
            steps.Add((await run.NextReportAsync()).Completed);
        Assert.Equal(Enumerable.Range(1, 20).Select(step => (int?)step), steps);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Stream_of_comments_that_never_ends_is_ended(string method)
    {
        var (streams, ended) = (0, new ManualSignal());
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).Says("ask", "").Says("read", "text");
        server.Intercept = async http =>
        {
            if (http.Request.Method != method || (method == "POST" && (await ReadAsync(http)).Method != "tools/call") || Interlocked.Increment(ref streams) > 1)
                return false;
            await StreamAsync(http);
            var comments = string.Concat(Enumerable.Repeat(new string(':', 1022) + "\n\n", 64));
            for (var sent = 0; sent < 400_000_000 && !http.RequestAborted.IsCancellationRequested; sent += comments.Length)
            {
                await http.Response.WriteAsync(comments);
                await http.Response.Body.FlushAsync();
            }

            // What is written after the end goes nowhere, so that the loop may be faster than its notice.
            await EndAsync(http);
            ended.Set();
            return true;
        };
        await using var bench = McpBench.For(server);

        if (method == "POST")
        {
            var failure = await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("ask", cancellationToken: _deadline.Token));
            Assert.Equal("The MCP server 'srv' sent a response that is too large.", failure.Message);
        }

        Assert.Equal("text", await bench.CallAsync("read", cancellationToken: _deadline.Token));
        await ended.WaitAsync(_deadline.Token);
    }

    [Fact]
    public async Task Line_of_a_process_that_is_too_long_fails_the_call_and_the_process_is_started_again()
    {
        await using var bench = new McpBench(await EverythingServer.ProcessAsync("greedy", "greedy.mjs"));

        Assert.Equal(7_000_000, (await bench.CallAsync("send", arguments: ("bytes", 7_000_000))).Length);
        var first = await bench.CallAsync("ids", cancellationToken: _deadline.Token);
        var failure = await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("send", cancellationToken: _deadline.Token, arguments: ("bytes", 9_000_000)));
        var second = await bench.CallAsync("ids", cancellationToken: _deadline.Token);

        Assert.Equal("The MCP server 'greedy' sent a response that is too large.", failure.Message);
        Assert.NotEqual(first, second);
        await WaitForEndAsync(first);
    }

    [Fact]
    public async Task Request_is_not_sent_to_a_process_whose_output_has_ended()
    {
        var messages = Channel.CreateUnbounded<JsonRpcMessage>();
        var ended = new Mock<ITransport>(MockBehavior.Strict);
        ended.Setup(transport => transport.MessageReader).Returns(messages.Reader);
        var inner = new Mock<IClientTransport>();
        inner.Setup(transport => transport.ConnectAsync(It.IsAny<CancellationToken>())).ReturnsAsync(ended.Object);
        var connection = await new LimitedTransport(inner.Object, TimeProvider.System).ConnectAsync(_deadline.Token);
        messages.Writer.Complete(new InvalidDataException());

        await Assert.ThrowsAsync<RequestNotSentException>(() => connection.SendMessageAsync(new JsonRpcRequest { Method = "tools/call", Id = new RequestId(1) }, _deadline.Token));
    }

    [Fact]
    public async Task Line_of_a_process_that_never_ends_fails_the_call()
    {
        await using var bench = new McpBench(await EverythingServer.ProcessAsync("greedy", "greedy.mjs"));

        var failure = await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("send", cancellationToken: _deadline.Token, arguments: ("bytes", 300_000_000)));

        Assert.Equal("The MCP server 'greedy' sent a response that is too large.", failure.Message);
    }

    [Fact]
    public async Task Process_ends_with_its_children_although_it_writes_errors_without_end()
    {
        await using var bench = new McpBench(await EverythingServer.ProcessAsync("greedy", "greedy.mjs"));
        var processes = await bench.CallAsync("ids", cancellationToken: _deadline.Token);
        await bench.CallAsync("complain", cancellationToken: _deadline.Token);

        await bench.DisposeAsync();

        await WaitForEndAsync(processes);
    }

    [LinuxFact]
    public async Task Process_ends_on_its_own_when_its_input_ends()
    {
        using var folder = new TemporaryFolder();
        var written = Path.Combine(folder.Path, "cleaned");
        var connection = await Shell($"cat >/dev/null; echo cleaned >'{written}'").ConnectAsync(_deadline.Token);

        await connection.DisposeAsync();

        Assert.Equal("cleaned\n", await File.ReadAllTextAsync(written));
    }

    [LinuxFact]
    public async Task Process_that_sends_too_many_requests_is_ended_at_once()
    {
        using var folder = new TemporaryFolder();
        var written = Path.Combine(folder.Path, "cleaned");
        var transport = Shell(
            "for id in $(seq 33); do echo '{\"jsonrpc\":\"2.0\",\"id\":'$id',\"method\":\"ping\"}'; done; "
            + $"cat >/dev/null; echo cleaned >'{written}'");
        var connection = await new LimitedTransport(transport, TimeProvider.System).ConnectAsync(_deadline.Token);
        while (await connection.MessageReader.WaitToReadAsync(_deadline.Token))
            connection.MessageReader.TryRead(out _);

        await connection.DisposeAsync();

        Assert.False(File.Exists(written));
    }

    [LinuxTheory]
    [InlineData("exec 1>&-")]
    [InlineData("head -c 9000000 /dev/zero | tr '\\0' x")]
    public async Task Process_whose_output_ends_or_breaks_is_ended_with_its_children(string output)
    {
        var transport = Shell(
            "sleep 600 >/dev/null & printf '{\"jsonrpc\":\"2.0\",\"method\":\"started\",\"params\":{\"ids\":\"%s %s\"}}\\n' $$ $!; " + output + "; exec sleep 600");
        await using var connection = await transport.ConnectAsync(_deadline.Token);

        var started = Assert.IsType<JsonRpcNotification>(await connection.MessageReader.ReadAsync(_deadline.Token));

        await WaitForEndAsync(started.Params!["ids"]!.GetValue<string>());
    }

    private static ProcessTransport Shell(string script) => new("srv", new McpProcess("sh", ["-c", script], new Dictionary<string, string>(), WorkingDirectory: null));

    private async Task WaitForEndAsync(string processes)
    {
        foreach (var id in processes.Split(' ').Select(int.Parse))
        {
            try
            {
                using var process = Process.GetProcessById(id);
                await process.WaitForExitAsync(_deadline.Token);
            }
            catch (ArgumentException)
            {
                // It has ended.
            }
        }
    }

    private static async Task<(string? Method, string? Id)> ReadAsync(HttpContext http)
    {
        if (http.Request.Method != "POST")
            return (null, null);
        http.Request.EnableBuffering();
        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        http.Request.Body.Position = 0;
        return (
            body.RootElement.TryGetProperty("method", out var method) ? method.GetString() : null,
            body.RootElement.TryGetProperty("id", out var id) ? id.GetRawText() : null);
    }

    // With the id of a call, the token of its progress, and what sends a message in the response.
    private static void AnswerCalls(ScriptedMcpServer server, Func<string?, string?, Func<string, Task>, Task> answer) => server.Intercept = async http =>
    {
        var (method, id) = await ReadAsync(http);
        if (method != "tools/call")
            return false;
        using var call = await JsonDocument.ParseAsync(http.Request.Body);
        await answer(id, call.RootElement.GetProperty("params").GetProperty("_meta").GetProperty("progressToken").GetString(), await StreamAsync(http));
        return true;
    };

    private static async Task<Func<string, Task>> StreamAsync(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.StartAsync();
        return async message =>
        {
            await http.Response.WriteAsync($"data: {message}\n\n");
            await http.Response.Body.FlushAsync();
        };
    }

    private static async Task<bool> StallAsync(HttpContext http, string method, ManualSignal stalled, ManualSignal ended)
    {
        if ((await ReadAsync(http)).Method != method)
            return false;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync("{\"jsonrpc\"");
        await http.Response.Body.FlushAsync();
        stalled.Set();
        await EndAsync(http);
        ended.Set();
        return true;
    }

    /// <summary>Waits until the client ends the request.</summary>
    private static Task EndAsync(HttpContext http)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        http.RequestAborted.Register(ended.SetResult);
        return ended.Task;
    }
}

using System.Diagnostics;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using FuncChat.Tools.Fetch;
using FuncChat.Tools.Mcp;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tests.Mcp;

/// <summary>Servers that are processes: their lines, and their children.</summary>
public sealed class McpProcessTests : IDisposable
{
    // A failure ends a test that would otherwise wait for ever.
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(2));

    public void Dispose() => _deadline.Dispose();

    [LinuxTheory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{},"error":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":"high","message":"No"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":"No"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1}""")]
    [InlineData("""{"id":1,"result":{}}""")]
    [InlineData("""{"jsonrpc":2.0,"id":1,"result":{}}""")]
    public async Task Response_that_is_not_valid_is_an_error_of_its_call(string line)
    {
        var error = Assert.IsType<JsonRpcError>(await FirstOfAsync(line));

        Assert.Equal((new RequestId(1), "The response is not valid."), (error.Id, error.Error.Message));
    }

    [LinuxTheory]
    [InlineData("""\357\273\277{"jsonrpc":"2.0","id":1,"result":{}}""")]
    [InlineData("""{"level":30,"id":1,"msg":"Reading"}\n{"jsonrpc":"2.0","id":1,"result":{}}""")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"result":{}}]""")]
    [InlineData("""[1,\n[5,null]\n[{},{"jsonrpc":"2.0","id":1,"result":{}}]""")]
    [InlineData("""\357\273\277\n[]\n5\nnot JSON\n{"jsonrpc":"2.0","method":5,"id":2}\n{"id":null}\n{"id":{}}\n\n\357\273\277{"jsonrpc":"2.0","id":1,"result":{}}""")]
    public async Task Byte_order_mark_at_the_start_of_a_line_and_lines_that_are_no_messages_are_ignored(string lines)
    {
        var response = Assert.IsType<JsonRpcResponse>(await FirstOfAsync(lines));

        Assert.Equal(new RequestId(1), response.Id);
    }

    [LinuxFact]
    public async Task Children_of_a_process_that_exits_at_the_end_of_its_input_are_ended()
    {
        const string Started = """{"jsonrpc":"2.0","method":"started","params":{"id":%s}}\n""";
        var connection = await Shell($"sh -c 'sleep 600 >/dev/null & printf '\\''{Started}'\\'' $!; cat >/dev/null'; true").ConnectAsync(_deadline.Token);
        var started = Assert.IsType<JsonRpcNotification>(await connection.MessageReader.ReadAsync(_deadline.Token));
        using var child = Process.GetProcessById(started.Params!["id"]!.GetValue<int>());

        await connection.DisposeAsync();

        await child.WaitForExitAsync(_deadline.Token);
    }

    [LinuxFact]
    public async Task Server_that_ignores_what_it_does_not_know_is_asked_for_the_current_version_once()
    {
        using var folder = new TemporaryFolder();
        using var written = new FileSystemWatcher(folder.Path, "asked");
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        written.Created += (_, _) => asked.TrySetResult();
        written.EnableRaisingEvents = true;
        await using var bench = new McpBench(
            ("FuncChat:Mcp:Servers:silent:Command", "node"), ("FuncChat:Mcp:Servers:silent:Args:0", Path.Combine(EverythingServer.Folder, "silent.mjs")),
            ("FuncChat:Mcp:Servers:silent:Env:ASKED", Path.Combine(folder.Path, "asked")));
        var first = bench.CallAsync("methods", cancellationToken: _deadline.Token);
        await asked.Task.WaitAsync(_deadline.Token);
        bench.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.StartsWith("server/discover", await first.WaitAsync(_deadline.Token), StringComparison.Ordinal);
        await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("end", cancellationToken: _deadline.Token));
        Assert.Equal("initialize notifications/initialized tools/call", await bench.CallAsync("methods", cancellationToken: _deadline.Token));
    }

    [LinuxTheory]
    [InlineData("1 2", false)]
    [InlineData("2 1", true)]
    [InlineData("2", true)]
    public async Task Server_has_ignored_a_request_that_it_has_not_answered_before_a_later_one(string answers, bool ignored)
    {
        var lines = string.Concat(answers.Split(' ').Select(id => $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{}}\n"""));
        var limited = new LimitedTransport(Shell($"read a; read b; printf '{lines}'"), TimeProvider.System);
        await using var connection = await limited.ConnectAsync(_deadline.Token);
        await connection.SendMessageAsync(new JsonRpcRequest { Id = new RequestId(1), Method = RequestMethods.ServerDiscover }, _deadline.Token);
        await connection.SendMessageAsync(new JsonRpcRequest { Id = new RequestId(2), Method = RequestMethods.Initialize }, _deadline.Token);

        await foreach (var _ in connection.MessageReader.ReadAllAsync(_deadline.Token))
        {
            // To the end.
        }

        Assert.Equal(ignored, limited.IgnoredProbe);
    }

    [LinuxFact]
    public async Task Process_that_sends_notifications_without_end_is_ended_and_fails_the_call()
    {
        const string Notification = """{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"%01000d"}}""";
        await using var connection = await new LimitedTransport(Shell($"read a; while printf '{Notification}\\n' 0; do :; done"), TimeProvider.System).ConnectAsync(_deadline.Token);
        await connection.SendMessageAsync(new JsonRpcRequest { Id = new RequestId(1), Method = "tools/call" }, _deadline.Token);

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (var _ in connection.MessageReader.ReadAllAsync(_deadline.Token))
                _deadline.Token.ThrowIfCancellationRequested();
            await connection.MessageReader.Completion;
        });

        Assert.False(_deadline.IsCancellationRequested);
    }

    [Fact]
    public void Response_renews_what_a_server_may_send()
    {
        var budget = new ByteBudget(max: 10);
        budget.Use(10);
        Assert.Throws<ResponseTooLargeException>(() => budget.Use(1));

        budget.Renew();

        budget.Use(10);
    }

    [LinuxFact]
    public async Task Process_may_send_any_number_of_bytes_in_responses()
    {
        var budget = new ByteBudget(max: 100);
        const string Lines = """while read line; do printf '{"jsonrpc":"2.0","id":1,"result":{"text":"%050d"}}\n' 0; done""";
        var transport = new ProcessTransport("srv", new McpProcess("sh", ["-c", Lines], new Dictionary<string, string>(), WorkingDirectory: null), budget);
        await using var connection = await new LimitedTransport(transport, TimeProvider.System, budget).ConnectAsync(_deadline.Token);
        for (var call = 0; call < 10; call++)
        {
            await connection.SendMessageAsync(new JsonRpcRequest { Id = new RequestId(1), Method = "tools/call" }, _deadline.Token);

            Assert.IsType<JsonRpcResponse>(await connection.MessageReader.ReadAsync(_deadline.Token));
        }
    }

    // The process ends after its lines, and with it the messages.
    private async Task<JsonRpcMessage> FirstOfAsync(string lines)
    {
        await using var connection = await Shell($"printf '{lines}\\n'").ConnectAsync(_deadline.Token);
        return await connection.MessageReader.ReadAsync(_deadline.Token);
    }

    private static ProcessTransport Shell(string script) => new("srv", new McpProcess("sh", ["-c", script], new Dictionary<string, string>(), WorkingDirectory: null));
}

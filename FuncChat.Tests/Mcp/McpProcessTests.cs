using System.Diagnostics;
using FuncChat.Tests.Support;
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

    // The process ends after its lines, and with it the messages.
    private async Task<JsonRpcMessage> FirstOfAsync(string lines)
    {
        await using var connection = await Shell($"printf '{lines}\\n'").ConnectAsync(_deadline.Token);
        return await connection.MessageReader.ReadAsync(_deadline.Token);
    }

    private static ProcessTransport Shell(string script) => new("srv", new McpProcess("sh", ["-c", script], new Dictionary<string, string>(), WorkingDirectory: null));
}

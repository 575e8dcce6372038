using FuncChat.Engine.Chat;
using FuncChat.Engine.Models;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Chat;

/// <summary>Tools that the client defines and runs.</summary>
public sealed class ClientToolTests : IDisposable
{
    private static readonly ClientTool Mine = new("open_door", "Opens a door.", new("""{"type":"object","properties":{"door":{"type":"integer"}}}"""u8.ToArray()));

    private readonly TurnBench _bench = new();

    private FakeModel Model => _bench.Model;

    [Fact]
    public async Task Call_of_a_clients_tool_ends_the_turn_for_the_client()
    {
        Model.Calls(("a", "open_door", """{"door":3}"""));

        var events = await RunAsync();

        Assert.Equal(["status", "llm_request", "llm_response", "message_complete", "client_tool_calls", "complete"], events.Select(e => e.Name));
        Assert.Equal("""{"calls":[{"id":"a","name":"open_door","arguments":"{\"door\":3}"}]}""", events[^2].Data.GetRawText());
        Assert.Single(events[^1].Data.GetProperty("messages").EnumerateArray());
        Assert.Null(events[^1].Text("stopped_by"));
        Assert.Equal("open_door", Model.Requests[0].Tools.Single().Name);
        Assert.Contains("\"door\"", Model.Requests[0].Tools.Single().JsonSchema.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"door": 1""", FinishReason.Length, """{\"door\": 1""", "length")]
    [InlineData("", FinishReason.Length, "", "length")]
    [InlineData("", FinishReason.ToolCalls, "{}", null)]
    [InlineData("[3]", FinishReason.ToolCalls, "[3]", null)]
    public async Task Arguments_that_are_cut_or_invalid_stay_as_the_model_wrote_them(string arguments, string reason, string escaped, string? stoppedBy)
    {
        Model.Answers(FakeModel.Call(0, "a", "open_door", arguments), FakeModel.Finish(reason));

        var events = await RunAsync();

        Assert.Equal($$"""{"calls":[{"id":"a","name":"open_door","arguments":"{{escaped}}"}]}""", events[^2].Data.GetRawText());
        var kept = events[^1].Data.GetProperty("messages")[0].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString();
        Assert.Equal(arguments.Length > 0 ? arguments : "{}", kept);
        Assert.Equal(stoppedBy, events[^1].Text("stopped_by"));
    }

    [Fact]
    public async Task Tools_of_the_server_in_the_same_round_run_first()
    {
        Model.Calls(("a", "open_door", "{}"), ("b", GatedTools.Echo, """{"text":"x"}"""));

        var events = await RunAsync(GatedTools.Echo);

        Assert.Equal(["tool_call_start", "tool_call_result", "client_tool_calls", "complete"], events.Select(e => e.Name).TakeLast(4).Where(name => name != "tool_call_progress").Prepend("tool_call_start").Distinct());
        Assert.Equal(["assistant", "tool"], events[^1].Data.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("role").GetString()));
        Assert.Single(Model.Requests);
    }

    [Fact]
    public async Task Turn_continues_after_a_crash_before_the_calls_were_announced()
    {
        Model.Calls(("a", "open_door", "{}"), ("b", GatedTools.Quick, "{}"));
        await using var reader = await _bench.StartAsync(Request(GatedTools.Quick));
        await _bench.Tools.Started.WaitAsync();
        var leaving = _bench.Runtime.DrainAsync();
        _bench.Tools.Go.Set();
        await leaving;
        var before = await reader.EventsToEndAsync();

        using var other = _bench.Another();
        await using var follower = await other.FollowAsync(after: before[^1].Id);
        var after = await follower.EventsToEndAsync();

        Assert.Equal(["client_tool_calls", "complete"], after.Select(e => e.Name));
    }

    public void Dispose() => _bench.Dispose();

    private static ChatTurnRequest Request(params string[] tools) => TurnBench.Request(tools) with { ClientTools = [Mine] };

    private async Task<IReadOnlyList<SseEvent>> RunAsync(params string[] tools)
    {
        await using var reader = await _bench.StartAsync(Request(tools));
        return await reader.EventsToEndAsync();
    }
}

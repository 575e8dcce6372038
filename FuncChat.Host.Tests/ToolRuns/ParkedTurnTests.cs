using System.Collections.Concurrent;
using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using FuncChat.Tests.Mcp;
using FuncChat.Tests.Support;
using FuncChat.ToolRuns;
using FuncChat.Tools;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Protocol;

namespace FuncChat.Host.Tests.ToolRuns;

/// <summary>A turn that waits for a person while it calls a long-running tool of an MCP server, whose calls are Durable activities.</summary>
public sealed class ParkedTurnTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryToolRunProgress _progress = new();
    private readonly FakeModel _model = new();
    private readonly ConcurrentQueue<ToolRunSpec> _activities = [];
    private ScriptedMcpServer _mcp = null!;
    private McpBench _client = null!;
    private IReadOnlyList<FuncChat.Tools.Tool> _tools = [];
    private DurableTaskTestHost _host = null!;

    public async Task InitializeAsync()
    {
        _mcp = await ScriptedMcpServer.StartAsync();
        _mcp.On("book", (context, _) => context.Params!.RequestState == "state"
            ? new(ScriptedMcpServer.Text($"Booked: {context.Params.InputResponses!["room"].RawValue.GetProperty("content").GetProperty("bed")}"))
            : throw new InputRequiredException(new Dictionary<string, InputRequest> { ["room"] = InputRequest.ForElicitation(Form()) }, "state"));
        _client = McpBench.For(_mcp, ("LongRunning", "true"));
        _tools = await _client.ListAsync();
        _host = await ToolRunTestHost.StartAsync(InProcess(), _progress, _activities.Enqueue);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _client.DisposeAsync();
        await _mcp.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Turn_is_parked_for_an_approval_and_a_question_and_each_answer_continues_it_on_another_instance()
    {
        _model.Calls(("a", "srv__book", "{}")).Says("Done.");
        using var first = Instance();
        await using (var reader = await first.StartAsync(TurnBench.Request("srv__book")))
        {
            var parked = await reader.EventsToEndAsync();
            await reader.Completion;
            Assert.Equal(("approval_request", "parked"), (parked[^2].Name, parked[^1].Name));
        }

        Assert.Empty(_activities);

        var asked = await SendAsync(new TurnSignal(SignalType.Approve) { RequestId = "req_1", Payload = new RequestAnswer().ToJson() });
        var rest = await SendAsync(new TurnSignal(SignalType.Answer)
        {
            RequestId = "req_2",
            Payload = new RequestAnswer { Content = new RawJson(Encoding.UTF8.GetBytes("""{"bed":"two"}""")) }.ToJson(),
        });

        Assert.Equal(("input_request", "parked"), (asked[^2].Name, asked[^1].Name));
        Assert.Equal("Booked: two", rest.Single(each => each.Name == "tool_call_result").Text("content"));
        Assert.Equal("complete", rest[^1].Name);
        Assert.Equal(2, _activities.Select(spec => spec.RunId).Distinct().Count());
        Assert.Equal(["book", "book"], _mcp.Called);
    }

    private static ElicitRequestParams Form() => new()
    {
        Message = "Which bed?",
        RequestedSchema = new() { Properties = { ["bed"] = new ElicitRequestParams.StringSchema() }, Required = ["bed"] },
    };

    private InProcessToolRunner InProcess() => new(
        new ToolCatalog(_tools), _model.Catalog, new FileToolRunStore(_folder.Path), UnlimitedTokens.Meter, TimeProvider.System, NullLogger<InProcessToolRunner>.Instance);

    private TurnBench Instance() => new(
        dataPath: _folder.Path, model: _model, tools: _tools,
        runner: new RemoteToolRunner(
            new DurableToolRuns(_host.Client, _progress, TimeProvider.System), InProcess(), new FileToolRunStore(_folder.Path), TimeProvider.System, NullLogger<RemoteToolRunner>.Instance));

    /// <summary>Sends the signal on a new instance, and returns the turn's events once it no longer runs.</summary>
    private async Task<IReadOnlyList<SseEvent>> SendAsync(TurnSignal signal)
    {
        using var instance = Instance();
        var (error, completion) = await instance.Turns.SignalAsync(
            TurnBench.Key("turn-0001"), signal with { By = TurnBench.User, At = instance.Time.GetUtcNow() }, CancellationToken.None);
        Assert.Null(error);
        await completion;
        await using var reader = await instance.FollowAsync();
        return await reader.EventsToEndAsync();
    }
}

using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Tests.Mcp;
using ModelContextProtocol.Protocol;

namespace FuncChat.Host.Tests.ToolRuns;

/// <summary>A turn that waits for a person while it calls a long-running tool of an MCP server, whose calls are Durable activities.</summary>
public sealed class ParkedTurnTests : IAsyncLifetime
{
    private ScriptedMcpServer _mcp = null!;
    private McpBench _client = null!;
    private DurableTurnBench _turns = null!;

    public async Task InitializeAsync()
    {
        _mcp = await ScriptedMcpServer.StartAsync();
        _mcp.On("book", (context, _) => context.Params!.RequestState == "state"
            ? new(ScriptedMcpServer.Text($"Booked: {context.Params.InputResponses!["room"].RawValue.GetProperty("content").GetProperty("bed")}"))
            : throw new InputRequiredException(new Dictionary<string, InputRequest> { ["room"] = InputRequest.ForElicitation(Form()) }, "state"));
        _client = McpBench.For(_mcp, ("LongRunning", "true"));
        _turns = await DurableTurnBench.StartAsync(await _client.ListAsync());
    }

    public async Task DisposeAsync()
    {
        await _turns.DisposeAsync();
        await _client.DisposeAsync();
        await _mcp.DisposeAsync();
    }

    [Fact]
    public async Task Turn_is_parked_for_an_approval_and_a_question_and_each_answer_continues_it_on_another_instance()
    {
        _turns.Model.Calls(("a", "srv__book", "{}")).Says("Done.");

        var parked = await _turns.StartTurnAsync("srv__book");
        Assert.Equal(("approval_request", "parked"), (parked[^2].Name, parked[^1].Name));
        Assert.Empty(_turns.Activities);

        var asked = await _turns.SendAsync(SignalType.Approve, "req_1", new RequestAnswer());
        var rest = await _turns.SendAsync(SignalType.Answer, "req_2", new RequestAnswer { Content = new RawJson(Encoding.UTF8.GetBytes("""{"bed":"two"}""")) });

        Assert.Equal(("input_request", "parked"), (asked[^2].Name, asked[^1].Name));
        Assert.Equal("Booked: two", rest.Single(each => each.Name == "tool_call_result").Text("content"));
        Assert.Equal("complete", rest[^1].Name);
        Assert.Equal(2, _turns.Activities.Select(spec => spec.RunId).Distinct().Count());
        Assert.Equal(["book", "book"], _mcp.Called);
    }

    private static ElicitRequestParams Form() => new()
    {
        Message = "Which bed?",
        RequestedSchema = new() { Properties = { ["bed"] = new ElicitRequestParams.StringSchema() }, Required = ["bed"] },
    };
}

using System.Net.Http.Headers;
using System.Text;
using FuncChat.Tests.Mcp;
using FuncChat.Tests.Support;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tests.Local;

/// <summary>A turn that waits for a person, in a real process that is ended with SIGKILL and started again over the same files.</summary>
public sealed class ParkedCrashTests : IAsyncLifetime
{
    private const string TurnId = "turn-parked";

    private readonly TemporaryFolder _folder = new();
    private ScriptedModelServer _model = null!;
    private ScriptedMcpServer _mcp = null!;

    public async Task InitializeAsync()
    {
        _model = await ScriptedModelServer.StartAsync();
        _mcp = await ScriptedMcpServer.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _mcp.DisposeAsync();
        await _model.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Approval_after_a_kill_runs_the_call_once_and_ends_the_turn()
    {
        _mcp.Says("send", "Sent.");
        _model.Calls(("mail__send", "{}")).Says("Your mail is sent.");
        await ParkAndKillAsync("mail__send", "approval_request");

        var rest = await AnswerAsync("""{"type":"approve","request_id":"req_1"}""");

        Assert.Equal("Sent.", rest.Single(each => each.Name == "tool_call_result").Text("content"));
        Assert.Equal("complete", rest[^1].Name);
        Assert.Equal(["send"], _mcp.Called);
    }

    [Fact]
    public async Task Answer_to_a_question_after_a_kill_returns_the_servers_state()
    {
        _mcp.On("book", (context, _) => context.Params!.RequestState == "state"
            ? new(ScriptedMcpServer.Text(context.Params.InputResponses!["room"].RawValue.GetRawText()))
            : throw new InputRequiredException(
                new Dictionary<string, InputRequest> { ["room"] = InputRequest.ForElicitation(new ElicitRequestParams { Message = "A room?", RequestedSchema = new() }) }, "state"),
            annotations: new ToolAnnotations { ReadOnlyHint = true });
        _model.Calls(("mail__book", "{}")).Says("Booked.");
        await ParkAndKillAsync("mail__book", "input_request");

        var rest = await AnswerAsync("""{"type":"answer","request_id":"req_1","content":{}}""");

        Assert.Equal("""{"action":"accept","content":{}}""", rest.Single(each => each.Name == "tool_call_result").Text("content"));
        Assert.Equal("complete", rest[^1].Name);
        Assert.Equal(["book", "book"], _mcp.Called);
    }

    private async Task ParkAndKillAsync(string tool, string request)
    {
        await using var process = await StartAsync();
        await using var stream = await TurnStream.PostAsync(
            process.Http, $$"""{"messages":[{"role":"user","content":"Go."}],"model":"scripted:actor","tools":["{{tool}}"],"turn_id":"{{TurnId}}"}""");
        var events = await stream.ToEndAsync();
        Assert.Equal((request, "parked"), (events[^2].Name, events[^1].Name));
        await process.KillAsync();
    }

    private async Task<IReadOnlyList<SseEvent>> AnswerAsync(string body)
    {
        await using var process = await StartAsync();
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri($"/api/turns/{TurnId}/signals", UriKind.Relative));
        message.Content = new StringContent(body, Encoding.UTF8, "application/json");
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var response = await process.Http.SendAsync(message);
        return SseEvent.Parse(await response.Content.ReadAsStringAsync());
    }

    private Task<LocalProcess> StartAsync() => LocalProcess.StartAsync(
        _folder.Path, ("FuncChat__Providers__scripted__Url", _model.BaseUrl), ("FuncChat__Providers__scripted__Models", "actor"),
        ("FuncChat__Mcp__Servers__mail__Url", _mcp.Url.AbsoluteUri));
}

using System.Collections.Concurrent;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Tests.Engine.Chat.Approvals;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace FuncChat.Tests.Mcp;

/// <summary>Servers that ask the person to open a page (elicitation of the mode `url`), in the three ways that they can ask.</summary>
public sealed class McpPageQuestionTests : IAsyncLifetime
{
    private const string Page = "https://pay.example.com/orders/7?token=abc";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new();
    private readonly ConcurrentQueue<string> _answers = new();
    private ScriptedMcpServer? _server;
    private McpBench? _client;
    private TurnBench? _instance;
    private bool _isRefused;

    public enum Way
    {
        /// <summary>A result `input_required`, since 2026.</summary>
        Result,

        /// <summary>A request during the call, before 2026.</summary>
        Request,

        /// <summary>The error -32042.</summary>
        Error,

        /// <summary>The error -32042, and another page during the repeated call. After that, it is refused again.</summary>
        ErrorAndRequest,
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _instance?.Dispose();
        if (_client is not null)
            await _client.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(Way.Result)]
    [InlineData(Way.Request)]
    [InlineData(Way.Error)]
    public async Task Turn_is_parked_with_the_page_and_the_call_is_repeated_once_the_person_is_done(Way way)
    {
        var parked = await ParkAsync(way, Page);

        var rest = await SendAsync(ApprovalBench.Signal(SignalType.Answer, "req_1", new RequestAnswer { Content = new RawJson("{}"u8.ToArray()) }));

        Assert.Equal(("input_request", Page), (parked[^2].Name, parked[^2].Text("url")));
        Assert.Equal("The MCP server 'srv' asks you to open a page: Pay for the order.", parked[^2].Text("message"));
        Assert.Equal("Paid.", rest.Single(each => each.Name == "tool_call_result").Text("content"));
        Assert.Equal("accept", _answers.Last());
    }

    [Fact]
    public async Task Page_that_was_confirmed_is_not_asked_for_again_when_the_repeated_call_asks_for_another()
    {
        await ParkAsync(Way.ErrorAndRequest, Page);

        var second = await SendAsync(ApprovalBench.Signal(SignalType.Answer, "req_1", new RequestAnswer { Content = new RawJson("{}"u8.ToArray()) }));
        var rest = await SendAsync(ApprovalBench.Signal(SignalType.Answer, "req_2", new RequestAnswer { Content = new RawJson("{}"u8.ToArray()) }));

        Assert.Equal(("input_request", $"{Page}&more"), (second[^2].Name, second[^2].Text("url")));
        Assert.Equal("Paid.", rest.Single(each => each.Name == "tool_call_result").Text("content"));
        Assert.Equal("accept", _answers.Last());
    }

    [Theory]
    [InlineData(Way.Result)]
    [InlineData(Way.Request)]
    public async Task Server_receives_a_decline_when_the_person_declined(Way way)
    {
        await ParkAsync(way, Page);

        await SendAsync(ApprovalBench.Signal(SignalType.Deny));

        Assert.Equal("decline", _answers.Last());
    }

    [Fact]
    public async Task Call_fails_and_is_not_repeated_when_the_person_declines_what_it_needs()
    {
        await ParkAsync(Way.Error, Page);

        var rest = await SendAsync(ApprovalBench.Signal(SignalType.Deny));

        Assert.Contains("The user declined to open a page of the MCP server 'srv'.", rest.Single(each => each.Name == "tool_call_result").Text("content"), StringComparison.Ordinal);
        Assert.Single(_server!.Called);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://pay.example.com/")]
    [InlineData("https://bank.example.com@pay.example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("data:text/html,x")]
    [InlineData("//pay.example.com/")]
    [InlineData("pay")]
    [InlineData("https://xn--ä/")]
    [InlineData("https://xn--ä.example/pay")]
    public async Task Page_without_a_safe_address_is_not_shown(string address)
    {
        await StartAsync(Way.Result, address);
        await using var client = McpBench.For(_server!);

        var failure = await Assert.ThrowsAsync<ToolException>(() => client.CallAsync("pay"));

        Assert.Equal("The MCP server 'srv' asks for something that this client does not support.", failure.Message);
    }

    [Fact]
    public async Task Address_is_shown_with_the_host_that_is_really_opened()
    {
        await StartAsync(Way.Result, "https://раypal.example/login\u202E");
        await using var client = McpBench.For(_server!);

        var asked = await Assert.ThrowsAsync<ToolQuestionException>(() => client.CallAsync("pay"));

        Assert.Equal("https://xn--ypal-43d9g.example/login%E2%80%AE", asked.Action!.Url);
    }

    private async Task<IReadOnlyList<SseEvent>> ParkAsync(Way way, string address)
    {
        await StartAsync(way, address);
        _client = McpBench.For(_server!);
        _model.Calls(("a", "srv__pay", "{}")).Says("Done.");
        _instance = new TurnBench(dataPath: _folder.Path, model: _model, tools: await _client.ListAsync());
        await using var reader = await _instance.StartAsync(TurnBench.Request("srv__pay"));
        var events = await reader.EventsToEndAsync();
        await reader.Completion;
        Assert.Equal("parked", events[^1].Name);
        return events;
    }

    private async Task<IReadOnlyList<SseEvent>> SendAsync(TurnSignal signal)
    {
        var (error, completion) = await _instance!.Turns.SignalAsync(TurnBench.Key("turn-0001"), signal with { At = _instance.Time.GetUtcNow() }, CancellationToken.None);
        Assert.Null(error);
        await completion;
        await using var reader = await _instance.FollowAsync();
        return await reader.EventsToEndAsync();
    }

    private async Task StartAsync(Way way, string address)
    {
        _server = await ScriptedMcpServer.StartAsync(sessions: way != Way.Result);
        _server.On("pay", async (context, _) => await AnswerAsync(context.Params!, context.Server, way, address), annotations: new ToolAnnotations { ReadOnlyHint = true });
    }

    private async Task<CallToolResult> AnswerAsync(CallToolRequestParams call, McpServer server, Way way, string address)
    {
        var page = new ElicitRequestParams { Mode = "url", ElicitationId = "id-1", Url = address, Message = "Pay for the\u200B order." };
        switch (way)
        {
            case Way.Result when call.InputResponses is null:
                throw new InputRequiredException(new Dictionary<string, InputRequest> { ["page"] = InputRequest.ForElicitation(page) }, "state");
            case Way.Result:
                _answers.Enqueue(call.InputResponses["page"].Deserialize(InputResponse.ElicitResultJsonTypeInfo)!.Action);
                break;
            case Way.Request:
                Assert.NotNull(server.ClientCapabilities?.Elicitation?.Url);
                _answers.Enqueue((await server.ElicitAsync(page)).Action);
                break;
            case Way.Error when _answers.IsEmpty:
                _answers.Enqueue("accept");
                throw new UrlElicitationRequiredException("Pay first.", [page]);
            case Way.ErrorAndRequest when _isRefused = !_isRefused:
                throw new UrlElicitationRequiredException("Pay first.", [page]);
            case Way.ErrorAndRequest:
                page.Url += "&more";
                _answers.Enqueue((await server.ElicitAsync(page)).Action);
                break;
        }

        return ScriptedMcpServer.Text("Paid.");
    }
}

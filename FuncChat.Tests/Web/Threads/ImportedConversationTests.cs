using System.Net;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Imported turns whose tool calls and results must fit together, as in a conversation.</summary>
public sealed class ImportedConversationTests : IAsyncLifetime
{
    private const string Turns = "api/threads/thread-0001/turns/";
    private const string User = """{"role":"user","content":"Q"}""";
    private const string Answer = """{"role":"assistant","content":"A"}""";
    private const string ResultOfA = """{"role":"tool","tool_call_id":"a","content":"1"}""";
    private const string ResultOfB = """{"role":"tool","tool_call_id":"b","content":"2"}""";
    private const string CallA = """{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}""";
    private const string CallB = """{"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}""";
    private const string CallsA = $$"""{"role":"assistant","content":null,"tool_calls":[{{CallA}}]}""";
    private const string CallsBoth = $$"""{"role":"assistant","content":null,"tool_calls":[{{CallA}},{{CallB}}]}""";
    private const string CallsATwice = $$"""{"role":"assistant","content":null,"tool_calls":[{{CallA}},{{CallA}}]}""";

    private ThreadServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ThreadServer.StartAsync();
        using var created = await _server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""");
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Theory]
    [InlineData(User, ResultOfA, "$.events")]
    [InlineData(User, CallsATwice + "," + ResultOfA, "$.events")]
    [InlineData(User, CallsBoth + "," + ResultOfA + "," + Answer, "$.events")]
    [InlineData(User + "," + ResultOfA, Answer, "$.messages[1].tool_call_id")]
    [InlineData(ResultOfA, Answer, "$.messages[0].tool_call_id")]
    [InlineData(User + "," + CallsATwice, ResultOfA, "$.messages[1].tool_calls")]
    public async Task Turn_that_no_chat_could_continue_is_refused(string messages, string answer, string path)
    {
        using var refused = await ImportAsync("turn-0001", messages, answer);

        var problem = await Problem.OfAsync(refused);
        Assert.Equal(HttpStatusCode.BadRequest, problem.Status);
        Assert.StartsWith(path, problem.Path, StringComparison.Ordinal);
        Assert.Empty((await _server.GetAsync("api/threads/thread-0001")).GetProperty("turns").EnumerateArray());
    }

    [Theory]
    [InlineData(CallsA, ResultOfB, "$.messages[0].tool_call_id")]
    [InlineData(CallsBoth + "," + ResultOfA, User, "$.messages[0].role")]
    public async Task Turn_that_does_not_answer_the_calls_of_the_turn_before_is_refused(string before, string messages, string path)
    {
        using var first = await ImportAsync("turn-0001", User, before);
        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);

        using var refused = await ImportAsync("turn-0002", messages, Answer, "turn-0001");

        var problem = await Problem.OfAsync(refused);
        Assert.Equal((HttpStatusCode.BadRequest, path), (problem.Status, problem.Path));
    }

    [Theory]
    [InlineData(CallsA, ResultOfA)]
    [InlineData(CallsA, User)]
    [InlineData(CallsBoth + "," + ResultOfA, ResultOfB)]
    public async Task Turn_that_continues_the_calls_of_the_turn_before_is_added_and_continued(string before, string messages)
    {
        _server.Model.Says("Bye.");
        using var first = await ImportAsync("turn-0001", User, before, "root");
        using var second = await ImportAsync("turn-0002", messages, Answer, "turn-0001");
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (first.StatusCode, second.StatusCode));

        var events = await _server.ChatAsync("Thanks", "turn-0003");

        Assert.Equal("complete", events[^1].Name);
    }

    [Theory]
    [InlineData("""{"id":1,"type":"complete","data":{"status":"bogus","messages":[],"iterations":1,"usage":{"input_tokens":1,"output_tokens":1}}}""")]
    [InlineData("""{"id":1,"type":"complete","data":{"status":"success","stopped_by":"bogus","messages":[],"iterations":1,"usage":{"input_tokens":1,"output_tokens":1}}}""")]
    [InlineData("""{"id":1,"type":"status","data":{"status":"bogus","turn_id":"turn-0001","model":"m","provider":"p","has_tools":false}}""")]
    [InlineData("""{"id":1,"type":"request_answered","data":{"id":"req_1","type":"bogus","by":"you","at":"2026-01-01T00:00:00Z"}}""")]
    public async Task Event_with_a_value_that_no_turn_has_is_refused(string turnEvent)
    {
        using var refused = await _server.SendAsync(
            HttpMethod.Put, Turns + "turn-0001", """{"messages":[{"role":"user","content":"Q"}],"events":[EVENT]}""".Replace("EVENT", turnEvent, StringComparison.Ordinal));

        var problem = await Problem.OfAsync(refused);
        Assert.Equal((HttpStatusCode.BadRequest, "$.events[0]"), (problem.Status, problem.Path));
    }

    private Task<HttpResponseMessage> ImportAsync(string turnId, string messages, string answer, string? parentId = null)
    {
        var parent = parentId is null ? "" : $"\"parent_turn_id\":\"{parentId}\",";
        const string Usage = """{"input_tokens":1,"output_tokens":1}""";
        return _server.SendAsync(
            HttpMethod.Put, Turns + turnId,
            "{" + parent + $"\"messages\":[{messages}],\"events\":[" + """{"id":1,"type":"complete","data":{"status":"success","iterations":1,"usage":""" + Usage + $",\"messages\":[{answer}]" + "}}]}");
    }
}

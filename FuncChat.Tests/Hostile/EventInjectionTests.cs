using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Hostile;

/// <summary>What a model makes up must stay within the event that carries it. The stream is read by the framework's own parser, not by ours.</summary>
public sealed class EventInjectionTests : IAsyncLifetime
{
    private static readonly string[] Names =
        ["status", "llm_request", "delta", "reasoning", "llm_response", "tool_call_start", "tool_call_progress", "tool_call_result", "message_complete", "complete"];

    private readonly TemporaryFolder _folder = new();
    private readonly GatedTools _tools = new();
    private ScriptedModelServer _upstream = null!;
    private LocalServer _server = null!;

    public static TheoryData<string> Attacks =>
    [
        "\n\nevent: error\ndata: {\"code\":\"INTERNAL\"}\n\n",
        "\r\revent: complete\rdata: {}\r\r",
        "\r\n\r\nid: 999\r\n\r\n",
        "\u2028\u2029\u0085event: complete",
        "\"}\n\ndata: \"",
        "\0\u001b[2J\ufeff",
        "data: [DONE]",
        "</script><script>alert(1)</script>",
    ];

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedModelServer.StartAsync();
        _server = await LocalServer.StartAsync(
            _folder.Path, null, _tools, ("FuncChat:Providers:test:Url", _upstream.BaseUrl), ("FuncChat:Providers:test:Models", "model"));
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Whatever_the_model_makes_up_stays_within_its_event(string attack)
    {
        var arguments = JsonSerializer.Serialize(new { text = attack });
        _upstream
            .Answers(answer => answer
                .Reasoning(attack).Text(attack)
                .ToolCall(attack, attack, attack, 0).ToolCall("ok", GatedTools.Echo, arguments, 1).ToolCall("bad", GatedTools.Echo, attack, 2)
                .Finish("tool_calls").Usage().Done())
            .Answers(answer => answer.Text(attack).Finish(attack).Usage().Done());

        var events = await EventsOfChatAsync($$"""{"messages":[{"role":"user","content":"x"}],"tools":["Echo"]}""");

        Assert.Equal(Enumerable.Range(1, events.Count).Select(id => $"{id}"), events.Select(e => e.EventId));
        Assert.Empty(events.Select(e => e.EventType).Except(Names));
        Assert.Equal("complete", events[^1].EventType);
        Assert.Single(events, e => e.EventType == "complete");
        Assert.Equal(attack, string.Concat(events.Where(e => e.EventType == "reasoning").Select(e => Text(e, "content"))));
        Assert.Equal([attack, attack], events.Where(e => e.EventType == "delta").Select(e => Text(e, "content")));

        var results = events.Where(e => e.EventType == "tool_call_result").Select(e => JsonSerializer.Deserialize<JsonElement>(e.Data)).ToList();
        Assert.Equal(3, results.Count);
        Assert.Equal(attack, results.Single(result => !result.TryGetProperty("error", out _)).GetProperty("content").GetString());
        Assert.All(results, result => Assert.Matches("^[A-Za-z0-9_-]{1,64}$", result.GetProperty("name").GetString()!));
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Error_of_a_provider_stays_within_its_event(string attack)
    {
        _upstream.Answers(answer => answer.Text("Well").Event(JsonSerializer.Serialize(new { error = new { message = attack, code = attack } })));

        var events = await EventsOfChatAsync("""{"messages":[{"role":"user","content":"x"}]}""");

        Assert.Equal("error", events[^1].EventType);
        Assert.Equal("UPSTREAM_ERROR", Text(events[^1], "code"));
        Assert.Single(events, e => e.EventType is "error" or "complete");
        Assert.DoesNotContain(Text(events[^1], "error"), char.IsControl);
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Name_of_a_model_or_tool_that_there_is_not_stays_within_its_problem(string attack)
    {
        foreach (var body in (object[])[
            new { messages = new[] { new { role = "user", content = "x" } }, model = attack },
            new { messages = new[] { new { role = "user", content = "x" } }, tools = new[] { attack } }])
        {
            using var content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
            using var response = await _server.Http.PostAsync("api/chat", content);

            Assert.Equal(System.Net.HttpStatusCode.BadRequest, response.StatusCode);
            var problem = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
            Assert.Equal("INVALID_REQUEST", problem.GetProperty("code").GetString());
        }

        Assert.Empty(_upstream.Requests);
    }

    [Theory]
    [InlineData("delete_everything", "{}")]
    [InlineData("ECHO", """{"text":"x"}""")]
    [InlineData("Quick", "{}")]
    [InlineData("", "{}")]
    [InlineData("Echo", """{"text":"x","path":"/etc/passwd"}""")]
    [InlineData("Echo", """{"text":{"$ref":"file:///etc/passwd"}}""")]
    [InlineData("Echo", """[1,2]""")]
    [InlineData("Echo", """{"text":"a"}{"text":"b"}""")]
    [InlineData("Echo", "rm -rf /")]
    [InlineData("Echo", """{"text":"a","text":"b"}""")]
    [InlineData("Echo", """{"text":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}""")]
    [InlineData("Echo", """{"\ud83d":1,"text":1e999999}""")]
    public async Task Tool_call_that_the_model_made_up_runs_nothing_and_the_turn_continues(string name, string arguments)
    {
        _upstream.Calls((name, arguments)).Says("Sorry.");

        var events = await EventsOfChatAsync("""{"messages":[{"role":"user","content":"x"}],"tools":["Echo"]}""");

        var result = JsonSerializer.Deserialize<JsonElement>(events.Single(e => e.EventType == "tool_call_result").Data);
        Assert.True(result.GetProperty("error").GetBoolean());
        Assert.DoesNotContain(events, e => e.EventType is "tool_call_start" or "tool_call_progress");
        Assert.Equal(0, _tools.Runs);
        Assert.Equal("complete", events[^1].EventType);
    }

    private async Task<IReadOnlyList<SseItem<string>>> EventsOfChatAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _server.Http.PostAsync("api/chat", content);
        response.EnsureSuccessStatusCode();
        var events = new List<SseItem<string>>();
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
            events.Add(item);
        return events;
    }

    private static string Text(SseItem<string> item, string property) =>
        JsonSerializer.Deserialize<JsonElement>(item.Data).GetProperty(property).GetString()!;
}

using System.Net;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Plans;

public sealed class PlanOverHttpTests : IAsyncLifetime
{
    private const string Path = "api/planning";
    private const string Plan =
        """{"reasoning":"Look: 世界 🌊.","text":"1. Search","search_keywords":[["tides"]],"questions":[],"persona":"an oceanographer","complexity":"simple"}""";

    private readonly TemporaryFolder _folder = new();
    private ScriptedModelServer _upstream = null!;
    private LocalServer _server = null!;

    private HttpClient Http => _server.Http;

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedModelServer.StartAsync();
        _server = await LocalServer.StartAsync(
            _folder.Path, settings: [("OPENAI_API_KEY", "sk-test"), ("OPENAI_API_URL", _upstream.BaseUrl)]);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Plan_streams_from_a_provider_that_takes_no_schema()
    {
        _upstream.Fails(400, """{"error":{"message":"This model does not support response format `json_schema`."}}""")
            .Says([.. Plan.Chunk(5).Select(piece => new string(piece))]);

        await using var stream = await TurnStream.PostAsync(Http, """{"query":"Why tides?","model":"openai:scripted","turn_id":"turn-0001"}""", Path);
        var events = await stream.ToEndAsync();

        Assert.Equal("json_schema", _upstream.Requests[0].Body.GetProperty("response_format").GetProperty("type").GetString());
        Assert.False(_upstream.Requests[1].Body.TryGetProperty("response_format", out _));
        Assert.Equal("Why tides?", _upstream.Requests[1].LastText());
        Assert.Equal("Look: 世界 🌊.", string.Concat(events.Where(e => e.Name == "reasoning").Select(e => e.Text("content"))));
        Assert.Equal(["plan", "complete"], events.TakeLast(2).Select(e => e.Name));
        await using var again = await TurnStream.FollowAsync(Http, "turn-0001", 0);
        Assert.Equal(SseEvent.Join(events), SseEvent.Join(await again.ToEndAsync()));
    }

    [Fact]
    public async Task Stop_gives_up_the_call_of_the_model()
    {
        _upstream.Answers(answer => answer.Text("""{"reasoning":"Ha""").Stall());
        await using var stream = await TurnStream.PostAsync(Http, """{"query":"Why?","model":"openai:scripted","turn_id":"turn-0001"}""", Path);
        while (await stream.NextAsync() is { Name: not "reasoning" })
        {
        }

        using var stopped = await Http.DeleteAsync("api/chat/turn-0001");

        await (await _upstream.RequestAsync()).Disconnected;
        Assert.Equal("CANCELLED", (await stream.ToEndAsync())[^1].Text("code"));
    }

    [Theory]
    [InlineData("""{"model":"openai:scripted"}""", "$.query")]
    [InlineData("""{"query":""}""", "$.query")]
    [InlineData("""{"query":["a"]}""", "$.query")]
    [InlineData("""{"query":"a","model":"unknown:nothing"}""", "$.model")]
    [InlineData("""{"query":"a","model":7}""", "$.model")]
    [InlineData("""{"query":"a","answers":{}}""", "$.answers")]
    [InlineData("""{"query":"a","answers":[[]]}""", "$.answers[0]")]
    [InlineData("""{"query":"a","answers":[{"question":"b","answer":"c"},{"answer":"c"}]}""", "$.answers[1].question")]
    [InlineData("""{"query":"a","answers":[{"question":"b"}]}""", "$.answers[0].answer")]
    [InlineData("""{"query":"a","answers":[{"question":"b","answer":" "}]}""", "$.answers[0].answer")]
    [InlineData("""{"query":"a","answers":[{"question":"b","answer":"c","d":1}]}""", "$.answers[0].d")]
    [InlineData("""{"query":"a","turn_id":"../../etc"}""", "$.turn_id")]
    [InlineData("""{"query":"a","tools":[]}""", "$.tools")]
    public async Task Invalid_body_is_refused_with_the_path_of_its_error(string body, string path)
    {
        var problem = await Problem.OfPostAsync(Http, Path, body);

        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_REQUEST", path), (problem.Status, problem.Code, problem.Path));
        Assert.Empty(_upstream.Requests);
    }

    [Fact]
    public async Task Question_that_is_too_long_is_refused()
    {
        var problem = await Problem.OfPostAsync(Http, Path, $$"""{"query":"{{new string('x', 10_001)}}"}""");

        Assert.Equal("$.query", problem.Path);
    }
}

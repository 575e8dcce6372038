using System.Net;
using System.Text;
using System.Text.Json;
using FuncChat.Engine.Models;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Formats;

public sealed class FormatTests : IAsyncLifetime
{
    private const string Chat = """{"messages":[{"role":"user","content":"Hello"}],"turn_id":"turn-0001"}""";

    // Pieces of one kind that come together would be one event.
    private static readonly ModelChunk[] Answer =
    [
        FakeModel.Text("One"), FakeModel.Reasoning("Hm."), FakeModel.Text(", two"), FakeModel.Reasoning("Hm."), FakeModel.Text(", three."),
        FakeModel.Finish(), FakeModel.Usage(10, 5),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new FakeModel().Answers(Answer);
    private LocalServer _server = null!;

    private HttpClient Http => _server.Http;

    public async Task InitializeAsync() => _server = await LocalServer.StartAsync(_folder.Path, _model.Catalog);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Turn_can_be_started_in_every_format_and_followed_in_every_other()
    {
        var native = await PostAsync("api/chat", Chat);
        var chunks = await GetAsync("api/turns/turn-0001?format=openai-chat");
        var completion = await GetAsync("api/turns/turn-0001?format=completion");
        _model.Answers(Answer);
        var started = await PostAsync("api/chat?format=openai-chat", Chat.Replace("0001", "0002", StringComparison.Ordinal));

        Assert.Equal("One, two, three.", string.Concat(SseEvent.Parse(native).Where(sent => sent.Name == "delta").Select(sent => sent.Text("content"))));
        Assert.Equal("One, two, three.", TextOf(chunks));
        Assert.Equal("One, two, three.", TextOf(started));
        Assert.EndsWith("data: [DONE]\n\n", chunks, StringComparison.Ordinal);
        var message = JsonElement.Parse(completion).GetProperty("choices")[0].GetProperty("message");
        Assert.Equal("One, two, three.", message.GetProperty("content").GetString());
    }

    [Fact]
    public async Task Stream_of_chunks_continues_after_each_of_its_ids()
    {
        await PostAsync("api/chat", Chat);
        var whole = await GetAsync("api/turns/turn-0001?format=openai-chat&include_usage=true");
        var ids = whole.Split('\n').Where(line => line.StartsWith("id: ", StringComparison.Ordinal)).Select(line => long.Parse(line[4..])).ToList();
        Assert.True(ids.Count >= 4);

        foreach (var id in ids.SkipLast(1))
        {
            var rest = await GetAsync($"api/turns/turn-0001?format=openai-chat&include_usage=true&after={id}");
            var seen = whole[..(whole.IndexOf("\n\n", whole.IndexOf($"id: {id}\n", StringComparison.Ordinal), StringComparison.Ordinal) + 2)];

            Assert.Equal(whole, seen + rest);
        }

        using var nothing = await Http.GetAsync($"api/turns/turn-0001?format=openai-chat&after={ids[^1]}");
        Assert.Equal(HttpStatusCode.NoContent, nothing.StatusCode);
    }

    [Fact]
    public async Task Half_of_a_surrogate_pair_in_each_of_two_pieces_arrives_whole()
    {
        using var folder = new TemporaryFolder();
        await using var upstream = await ScriptedModelServer.StartAsync();
        upstream.Answers(answer => answer
            .Event("""{"choices":[{"index":0,"delta":{"content":"\ud83c"}}]}""").Event("""{"choices":[{"index":0,"delta":{"content":"\udf0a"}}]}""").Ends());
        await using var server = await LocalServer.StartAsync(folder.Path, settings: [("OPENAI_API_KEY", "sk-test"), ("OPENAI_API_URL", upstream.BaseUrl)]);
        using var body = new StringContent("""{"model":"openai:scripted","messages":[{"role":"user","content":"Hello"}],"stream":true}""", Encoding.UTF8, "application/json");

        using var response = await server.Http.PostAsync("api/proxy", body);

        Assert.Contains("\\ud83c", await response.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("completion")]
    [InlineData("response")]
    [InlineData("responses")]
    [InlineData("ui-messages")]
    [InlineData("ag-ui")]
    public async Task Damaged_turn_is_an_error_that_is_not_worth_a_retry(string format)
    {
        await PostAsync("api/chat", Chat);
        var path = Assert.Single(Directory.EnumerateFiles(_folder.Path, "turn-0001.log", SearchOption.AllDirectories));
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace("\"status\":\"processing\"", "\"status\":processing", StringComparison.Ordinal));

        var problem = await Problem.OfAsync(await Http.GetAsync($"api/turns/turn-0001?format={format}"));

        Assert.Equal((HttpStatusCode.InternalServerError, "INTERNAL"), (problem.Status, problem.Code));
        Assert.Contains("damaged", problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api/search", """{"query":"tides","turn_id":"turn_0003","include_content":false}""")]
    [InlineData("api/planning", """{"query":"Why tides?","turn_id":"turn_0003"}""")]
    public async Task Format_for_chats_refuses_other_turns_before_the_stream_starts(string path, string body)
    {
        _model.Answers(FakeModel.Reasoning("Hm."), FakeModel.Text("{"), FakeModel.Text("}"), FakeModel.Finish(), FakeModel.Usage(10, 5));
        string[] formats = ["openai-chat", "completion", "response", "responses", "ui-messages", "ag-ui"];
        foreach (var format in formats)
        {
            var start = await Problem.OfPostAsync(Http, $"{path}?format={format}", body);
            Assert.Equal((format, HttpStatusCode.BadRequest, "?format"), (format, start.Status, start.Path));
        }

        var events = SseEvent.Parse(await PostAsync(path, body));
        foreach (var format in formats)
        {
            foreach (var after in new[] { 0, 1, events[^1].Id })
            {
                var follow = await Problem.OfAsync(await Http.GetAsync($"api/turns/turn_0003?format={format}&after={after}"));
                Assert.Equal((format, HttpStatusCode.BadRequest, "?format"), (format, follow.Status, follow.Path));
            }

            using var head = await Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"api/turns/turn_0003?format={format}"));
            Assert.Equal((format, HttpStatusCode.BadRequest), (format, head.StatusCode));

            var alias = await Problem.OfAsync(await Http.GetAsync($"api/chat/turn_0003?format={format}"));
            Assert.Equal((format, HttpStatusCode.BadRequest, "?format"), (format, alias.Status, alias.Path));
        }

        foreach (var chat in new[] { "api/ui/chat/turn_0003/stream", "api/v1/responses/turn_0003?stream=true" })
        {
            using var response = await Http.GetAsync(chat);
            Assert.Equal((chat, HttpStatusCode.NotFound), (chat, response.StatusCode));
        }
    }

    [Fact]
    public async Task Format_for_chats_is_refused_for_a_running_plan_before_a_signal_is_stored()
    {
        var feed = new ModelFeed();
        _model.Plays(feed);
        await using var plan = await TurnStream.PostAsync(Http, """{"query":"Why tides?","turn_id":"turn_0003"}""", "api/planning");
        await feed.Called.WaitAsync();

        using var head = await Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "api/turns/turn_0003?format=openai-chat"));
        using var native = await Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "api/turns/turn_0003"));
        var signaling = Problem.OfPostAsync(Http, "api/turns/turn_0003/signals?format=openai-chat", """{"type":"approve","request_id":"req_1"}""");
        feed.Give(FakeModel.Text("{}"));
        feed.End();
        var signal = await signaling;

        Assert.Equal((HttpStatusCode.BadRequest, "?format"), (signal.Status, signal.Path));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (head.StatusCode, native.StatusCode));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*.signals", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("api/agui", """{"threadId":"chat-one","runId":"run-0001","messages":[],"resume":[{"interruptId":"turn_0003.req_1","status":"cancelled"}]}""")]
    [InlineData(
        "api/ui/chat",
        """{"id":"chat-one","messages":[{"id":"a","role":"assistant","parts":[{"type":"dynamic-tool","toolName":"Echo","toolCallId":"call_1","state":"approval-responded","input":{},"approval":{"id":"turn_0003.req_1","approved":true}}]}]}""")]
    public async Task Answer_to_a_running_plan_in_the_next_request_of_a_chat_is_refused_before_it_is_stored(string path, string body)
    {
        var feed = new ModelFeed();
        _model.Plays(feed);
        await using var plan = await TurnStream.PostAsync(Http, """{"query":"Why tides?","turn_id":"turn_0003"}""", "api/planning");
        await feed.Called.WaitAsync();

        using var answer = await Http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        feed.End();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("This format is for chats only.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*.signals", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("api/chat?format=nothing", true)]
    [InlineData("api/turns/turn-0001?format=", false)]
    public async Task Unknown_format_is_refused_with_the_names_of_all(string path, bool post)
    {
        var problem = post ? await Problem.OfPostAsync(Http, path, Chat) : await Problem.OfAsync(await Http.GetAsync(path));

        Assert.Equal(HttpStatusCode.BadRequest, problem.Status);
        Assert.Contains("native, openai-chat, completion", problem.Detail, StringComparison.Ordinal);
    }

    private static string TextOf(string chunks) => string.Concat(chunks.Split('\n')
        .Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line["data: ".Length..]))
        .SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray())
        .Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : ""));

    private async Task<string> PostAsync(string path, string body)
    {
        using var response = await Http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<string> GetAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }
}

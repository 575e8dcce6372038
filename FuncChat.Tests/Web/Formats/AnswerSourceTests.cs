using System.Text;
using System.Text.Json;
using FuncChat.Engine.Models;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Formats;

/// <summary>Sources that come with an answer, in each format over HTTP.</summary>
public sealed class AnswerSourceTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new();
    private LocalServer _server = null!;

    public async Task InitializeAsync()
    {
        var tool = Tool.FromMethod(() => new { results = new[] { new { n = 1, title = "Tool", url = "https://tool.test/" } } }, "find", "Finds.", readOnly: true);
        _server = await LocalServer.StartWithAsync(
            _folder.Path, builder => builder.Services.AddSingleton(tool with { Policy = tool.Policy with { ReturnsSources = true } }), _model.Catalog, new GatedTools());
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Native_stream_announces_them_before_their_message()
    {
        var events = await ChatAsync();

        Assert.Equal(
            ["tool_call_result", "llm_request", "delta", "llm_response", "citation", "citation", "citation", "message_complete", "complete"],
            events.Select(each => each.Name).SkipWhile(name => name != "tool_call_result"));
        Assert.Equal(
            ["""{"number":2,"url":"https://two.test/","title":"Two"}""", """{"number":3,"url":"https://link.test/a","title":"Link"}""", """{"number":4,"url":"https://mark.test/","title":"Markless"}"""],
            events.Where(each => each.Name == "citation").Skip(1).Select(each => each.Data.GetRawText()));
        Assert.DoesNotContain("two.test", events.Single(each => each.Name == "complete").Data.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("responses")]
    [InlineData("response")]
    public async Task OpenAis_formats_have_annotations_where_the_text_cites_them_or_at_its_end(string format)
    {
        await ChatAsync();

        AssertAnnotated(await FollowAsync(format));
    }

    [Fact]
    public async Task Completion_in_one_piece_has_annotations()
    {
        Script();

        using var response = await _server.Http.PostAsync(
            new Uri("api/v1/chat/completions", UriKind.Relative),
            new StringContent("""{"messages":[{"role":"user","content":"x"}],"server_tools":["find"]}""", Encoding.UTF8, "application/json"));

        AssertAnnotated(await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Ui_messages_have_them_after_the_text()
    {
        await ChatAsync();

        var chunks = Records(await FollowAsync("ui-messages"));
        var types = chunks.Select(chunk => Text(chunk, "type")).ToList();

        Assert.Equal(["text-end", "source-url", "source-url", "source-url", "finish-step"], types.Skip(types.IndexOf("text-end")).Take(5));
        Assert.Equal(["1", "2", "3", "4"], chunks.Where(chunk => Text(chunk, "type") == "source-url").Select(chunk => Text(chunk, "sourceId")));
    }

    [Fact]
    public async Task Ag_ui_has_them_in_an_activity_after_the_message()
    {
        await ChatAsync();

        var records = Records(await FollowAsync("ag-ui"));
        var types = records.Select(record => Text(record, "type")).ToList();
        var last = records.Last(record => Text(record, "type") == "ACTIVITY_SNAPSHOT");

        Assert.Equal("ACTIVITY_SNAPSHOT", types[types.LastIndexOf("TEXT_MESSAGE_END") + 1]);
        Assert.Equal([1, 2, 3, 4], last.GetProperty("content").GetProperty("sources").EnumerateArray().Select(source => source.GetProperty("number").GetInt32()));
    }

    [Fact]
    public async Task Sources_without_a_text_are_not_announced()
    {
        _model.Answers(ModelChunk.OfSources([new("https://one.test/", "One", 1)]), FakeModel.Finish());
        await using var stream = await TurnStream.PostAsync(_server.Http, """{"messages":[{"role":"user","content":"x"}]}""");

        Assert.DoesNotContain(await stream.ToEndAsync(), each => each.Name == "citation");
    }

    [Theory]
    [InlineData("completion")]
    [InlineData("response")]
    [InlineData("ag-ui")]
    [InlineData("ui-messages")]
    public async Task Sources_of_an_answer_whose_message_is_lost_make_room_for_those_of_the_next(string format)
    {
        using var folder = new TemporaryFolder();
        var (before, after) = (AnswerWith("Void"), AnswerWith("Whole"));
        await using (var server = await LocalServer.StartAsync(folder.Path, before.Catalog))
        {
            await using var stream = await TurnStream.PostAsync(server.Http, """{"turn_id":"turn-sources","messages":[{"role":"user","content":"x"}]}""");
            await stream.ToEndAsync();
        }

        var log = Directory.EnumerateFiles(folder.Path, "*.log", SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(log);
        var end = Encoding.Latin1.GetString(bytes).IndexOf("event: message_complete", StringComparison.Ordinal);
        await File.WriteAllBytesAsync(log, bytes[..(Encoding.Latin1.GetString(bytes, 0, end).LastIndexOf("\n\n", StringComparison.Ordinal) + 2)]);

        await using var next = await LocalServer.StartAsync(folder.Path, after.Catalog);
        var native = SseEvent.Parse(await next.Http.GetStringAsync(new Uri("api/turns/turn-sources", UriKind.Relative)));
        var followed = await next.Http.GetStringAsync(new Uri($"api/turns/turn-sources?format={format}", UriKind.Relative));

        Assert.Equal(["1 Void", "1 Whole"], native.Where(each => each.Name == "citation").Select(each => $"{each.Text("number")} {each.Text("title")}"));
        Assert.Contains("whole.test", followed, StringComparison.Ordinal);
        Assert.DoesNotContain("void.test", followed, StringComparison.Ordinal);

        static FakeModel AnswerWith(string title) => new FakeModel().Answers(
            FakeModel.Text("So [1]."), ModelChunk.OfSources([new($"https://{title.ToLowerInvariant()}.test/", title, 1)]), FakeModel.Finish());
    }

    private static List<JsonElement> Records(string stream) =>
        [.. stream.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line["data: ".Length..]))];

    private static string? Text(JsonElement record, string name) => record.GetProperty(name).GetString();

    private static void AssertAnnotated(string body)
    {
        foreach (var (url, start, end) in ((string, int, int)[])[("https://two.test/", 0, 3), ("https://link.test/a", 13, 32), ("https://mark.test/", 34, 34)])
            Assert.Contains($"\"start_index\":{start},\"end_index\":{end},\"url\":\"{url}\"", body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"url\":\"https://tool.test/\",\"title\"", body, StringComparison.Ordinal);
    }

    // The tool's source has the number 1.
    private void Script() => _model.Calls(("a", "find", "{}")).Answers(
        FakeModel.Text("[2] and [it](https://link.test/a)."),
        ModelChunk.OfSources([new("https://mark.test/", "Markless"), new("https://two.test/", "Two", 2), new("https://link.test/a", "Link", 3)]),
        FakeModel.Finish());

    private async Task<IReadOnlyList<SseEvent>> ChatAsync()
    {
        Script();
        await using var stream = await TurnStream.PostAsync(_server.Http, """{"turn_id":"turn-sources","messages":[{"role":"user","content":"x"}],"tools":["find"]}""");
        return await stream.ToEndAsync();
    }

    private Task<string> FollowAsync(string format) => _server.Http.GetStringAsync(new Uri($"api/turns/turn-sources?format={format}", UriKind.Relative));
}

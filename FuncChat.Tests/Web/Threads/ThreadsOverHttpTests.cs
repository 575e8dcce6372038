using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Threads are listed, read, changed and exported.</summary>
public sealed class ThreadsOverHttpTests : ThreadApiTests
{
    [Fact]
    public async Task Thread_has_the_turns_that_were_sent()
    {
        await Server.ChatAsync("How are you?\\nSecond line", "turn-0001");

        var thread = await Server.GetAsync(Thread);
        Assert.Equal(("How are you?", "fake:model"), (thread.GetProperty("title").GetString(), thread.GetProperty("model").GetString()));
        var turn = Assert.Single((await Server.GetAsync($"{Thread}/turns")).GetProperty("turns").EnumerateArray());
        Assert.Equal("""[{"role":"user","content":"How are you?\nSecond line"}]""", turn.GetProperty("messages").GetRawText());
        Assert.Equal("""[{"role":"assistant","content":"Hello."}]""", turn.GetProperty("answer").GetRawText());
        Assert.Equal("""{"input_tokens":10,"output_tokens":5}""", turn.GetProperty("usage").GetRawText());
        Assert.False(turn.TryGetProperty("events", out _));
        var withEvents = (await Server.GetAsync($"{Thread}/turns?events=true")).GetProperty("turns")[0].GetProperty("events");
        Assert.Equal("""{"content":"Hello."}""", withEvents.EnumerateArray().Single(each => each.GetProperty("type").GetString() == "delta").GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task Thread_has_the_cost_of_its_turns()
    {
        await using var server = await ThreadServer.StartAsync(
            settings: [("FuncChat:Prices:all:Model", "*"), ("FuncChat:Prices:all:Input", "1"), ("FuncChat:Prices:all:Output", "2")]);
        server.Model.Otherwise(_ => [FakeModel.Text("Hello."), FakeModel.Finish(), FakeModel.Usage(100, 50)]);
        await server.ChatAsync("One", "turn-0001");
        await server.ChatAsync("Two", "turn-0002");

        Assert.Equal("0.0004", (await server.GetAsync(Thread)).GetProperty("cost").GetRawText());
        Assert.Equal("0.0004", (await server.GetAsync("api/threads")).GetProperty("threads")[0].GetProperty("cost").GetRawText());
    }

    [Fact]
    public async Task Threads_are_listed_page_by_page_and_found_by_their_titles()
    {
        foreach (var number in Enumerable.Range(1, 5))
            await Server.ChatAsync($"Topic {number}", $"turn-000{number}", thread: $"thread-000{number}");

        var first = await Server.GetAsync("api/threads?limit=2");
        var second = await Server.GetAsync($"api/threads?limit=2&after={first.GetProperty("next").GetString()}");
        var third = await Server.GetAsync($"api/threads?limit=2&after={second.GetProperty("next").GetString()}");

        Assert.Equal(["Topic 5", "Topic 4"], TitlesOf(first));
        Assert.Equal(["Topic 3", "Topic 2"], TitlesOf(second));
        Assert.Equal(["Topic 1"], TitlesOf(third));
        Assert.False(third.TryGetProperty("next", out _));
        Assert.Equal(["Topic 3"], TitlesOf(await Server.GetAsync("api/threads?search=TOPIC%203")));
    }

    [Theory]
    [InlineData("api/threads", false)]
    [InlineData("api/threads", true)]
    [InlineData("api/threads/thread-0001", false)]
    [InlineData("api/threads/thread-0001", true)]
    public async Task What_has_not_changed_is_not_sent_again(string path, bool any)
    {
        await Server.ChatAsync("A", "turn-0001", thread: "thread-0001");
        using var first = await Server.Ada.GetAsync(path);

        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(any ? EntityTagHeaderValue.Any : first.Headers.ETag!);
        using var second = await Server.Ada.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task Thread_is_renamed_archived_and_configured()
    {
        using var created = await Server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001","title":"First","metadata":{"pinned":true},"created_at":"2025-01-31T12:00:00Z"}""");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);

        using var changed = await Server.SendAsync(HttpMethod.Patch, Thread, """{"title":"Second","archived":true,"tools":["Echo"],"system_prompt":"Be kind.","metadata":{}}""");

        var thread = JsonElement.Parse(await changed.Content.ReadAsStringAsync());
        Assert.Equal(("Second", "Be kind."), (thread.GetProperty("title").GetString(), thread.GetProperty("system_prompt").GetString()));
        Assert.StartsWith("2025-01-31T12:00:00", thread.GetProperty("created_at").GetString(), StringComparison.Ordinal);
        Assert.False(thread.TryGetProperty("metadata", out _));
        Assert.Empty(TitlesOf(await Server.GetAsync("api/threads")));
        Assert.Equal(["Second"], TitlesOf(await Server.GetAsync("api/threads?archived=true")));
        Assert.Equal(["Second"], TitlesOf(await Server.GetAsync("api/threads?archived=all")));
        await Server.ChatAsync("A", "turn-0001");
        Assert.Equal("Second", (await Server.GetAsync(Thread)).GetProperty("title").GetString());
        using var again = await Server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""");
        Assert.Equal(HttpStatusCode.Conflict, (await Problem.OfAsync(again)).Status);
    }

    [Fact]
    public async Task Thread_of_one_user_is_out_of_reach_of_another()
    {
        await Server.ChatAsync("Secret", "turn-0001");

        Assert.Empty(JsonElement.Parse(await Server.Bob.GetStringAsync("api/threads")).GetProperty("threads").EnumerateArray());
        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Get, Thread, null), (HttpMethod.Patch, Thread, "{\"title\":\"Mine\"}"), (HttpMethod.Delete, Thread, null), (HttpMethod.Get, $"{Thread}/turns", null),
            (HttpMethod.Get, $"{Thread}/export", null), (HttpMethod.Delete, $"{Thread}/turns/turn-0001", null), (HttpMethod.Put, $"{Thread}/turns/turn-0002", Turn("turn-0001")),
        })
        {
            using var response = await ThreadServer.SendAsync(Server.Bob, method, path, body);
            Assert.Equal(HttpStatusCode.NotFound, (await Problem.OfAsync(response)).Status);
        }

        await using (var own = await TurnStream.PostAsync(Server.Bob, ThreadServer.Body("Hi", "turn-0001")))
            await own.ToEndAsync();
        Assert.Equal(["user: Hi"], Server.LastConversation());
        Assert.Equal("Secret", (await Server.GetAsync(Thread)).GetProperty("title").GetString());
    }

    [Fact]
    public async Task Export_is_the_whole_thread()
    {
        await Server.ChatAsync("A", "turn-0001");
        await Server.ChatAsync("B", "turn-0002");

        using var response = await Server.Ada.GetAsync($"{Thread}/export");

        Assert.Equal("attachment; filename=thread-0001.json", response.Content.Headers.ContentDisposition!.ToString());
        var export = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("funcchat-thread/1", export.GetProperty("format").GetString());
        Assert.Equal(2, export.GetProperty("thread").GetProperty("turns").GetArrayLength());
        Assert.All(export.GetProperty("turns").EnumerateArray(), turn => Assert.NotEqual(0, turn.GetProperty("events").GetArrayLength()));
    }

    [Fact]
    public async Task Turns_are_read_page_by_page()
    {
        foreach (var number in Enumerable.Range(1, 3))
            await Server.ChatAsync("A", $"turn-000{number}");

        var first = await Server.GetAsync($"{Thread}/turns?limit=2");
        var second = await Server.GetAsync($"{Thread}/turns?limit=2&after={first.GetProperty("next").GetString()}");

        Assert.Equal(2, first.GetProperty("turns").GetArrayLength());
        Assert.Equal("turn-0003", Assert.Single(second.GetProperty("turns").EnumerateArray()).GetProperty("turn_id").GetString());
        Assert.False(second.TryGetProperty("next", out _));
    }

    [Theory]
    [InlineData("api/threads?limit=0")]
    [InlineData("api/threads?limit=201")]
    [InlineData("api/threads?limit=1%00")]
    [InlineData("api/threads?limit=%2B1")]
    [InlineData("api/threads?limit=%EF%BC%91")]
    [InlineData("api/threads?limit=1%20")]
    [InlineData("api/threads?after=MQAgdGhyZWFkLTAwMDE")]
    [InlineData("api/threads?archived=maybe")]
    [InlineData($"{Thread}/turns?events=maybe")]
    [InlineData("api/threads?after=xx")]
    public async Task Query_that_is_not_valid_is_refused(string path)
    {
        using var response = await Server.Ada.GetAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, (await Problem.OfAsync(response)).Status);
    }

    [Theory]
    [InlineData("""{"title":" "}""", "$.title")]
    [InlineData("""{"metadata":[]}""", "$.metadata")]
    [InlineData("""{"other":1}""", "$.other")]
    [InlineData("""{"folder":"\u0001"}""", "$.folder")]
    [InlineData("""{"folder":"a\nb"}""", "$.folder")]
    [InlineData("""{"folder":"a\u2028b"}""", "$.folder")]
    [InlineData("""{"folder":"\u200b"}""", "$.folder")]
    [InlineData("""{"folder":"\u200b \u00ad\u3164\u0301"}""", "$.folder")]
    [InlineData("""{"folder":"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789-"}""", "$.folder")]
    [InlineData("""{"tools":[1]}""", "$.tools[0]")]
    [InlineData("""{"tools":["Echo","NoSuchTool"]}""", "$.tools[1]")]
    [InlineData("""{"model":"other:model"}""", "$.model")]
    public async Task Change_that_is_not_valid_is_refused(string body, string path)
    {
        using var response = await Server.SendAsync(HttpMethod.Patch, Thread, body);

        Assert.Equal(path, (await Problem.OfAsync(response)).Path);
    }

    [Fact]
    public async Task Change_clears_the_tools_with_null_and_keeps_them_if_it_names_none()
    {
        using var created = await Server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001","tools":["Echo"]}""");
        using var kept = await Server.SendAsync(HttpMethod.Patch, Thread, """{"title":"First"}""");
        Assert.Equal("Echo", Assert.Single((await Server.GetAsync(Thread)).GetProperty("tools").EnumerateArray()).GetString());

        using var cleared = await Server.SendAsync(HttpMethod.Patch, Thread, """{"tools":null}""");

        Assert.Equal(HttpStatusCode.OK, cleared.StatusCode);
        Assert.False((await Server.GetAsync(Thread)).TryGetProperty("tools", out _));
    }
}

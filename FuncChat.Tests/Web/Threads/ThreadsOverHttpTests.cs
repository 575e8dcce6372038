using System.Net;
using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>`/api/threads`, over HTTP.</summary>
public sealed class ThreadsOverHttpTests : IAsyncLifetime
{
    private const string Thread = "api/threads/thread-0001";

    private ThreadServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ThreadServer.StartAsync();
        _server.Model.Otherwise(_ => [FakeModel.Text("Hello."), FakeModel.Finish(), FakeModel.Usage(10, 5)]);
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Thread_has_the_turns_that_were_sent()
    {
        await _server.ChatAsync("How are you?\\nSecond line", "turn-0001");

        var thread = await _server.GetAsync(Thread);
        Assert.Equal(("How are you?", "fake:model"), (thread.GetProperty("title").GetString(), thread.GetProperty("model").GetString()));
        var turn = Assert.Single((await _server.GetAsync($"{Thread}/turns")).GetProperty("turns").EnumerateArray());
        Assert.Equal("""[{"role":"user","content":"How are you?\nSecond line"}]""", turn.GetProperty("messages").GetRawText());
        Assert.Equal("""[{"role":"assistant","content":"Hello."}]""", turn.GetProperty("answer").GetRawText());
        Assert.Equal("""{"input_tokens":10,"output_tokens":5}""", turn.GetProperty("usage").GetRawText());
        Assert.False(turn.TryGetProperty("events", out _));
        var withEvents = (await _server.GetAsync($"{Thread}/turns?events=true")).GetProperty("turns")[0].GetProperty("events");
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
            await _server.ChatAsync($"Topic {number}", $"turn-000{number}", thread: $"thread-000{number}");

        var first = await _server.GetAsync("api/threads?limit=2");
        var second = await _server.GetAsync($"api/threads?limit=2&after={first.GetProperty("next").GetString()}");
        var third = await _server.GetAsync($"api/threads?limit=2&after={second.GetProperty("next").GetString()}");

        Assert.Equal(["Topic 5", "Topic 4"], TitlesOf(first));
        Assert.Equal(["Topic 3", "Topic 2"], TitlesOf(second));
        Assert.Equal(["Topic 1"], TitlesOf(third));
        Assert.False(third.TryGetProperty("next", out _));
        Assert.Equal(["Topic 3"], TitlesOf(await _server.GetAsync("api/threads?search=TOPIC%203")));
    }

    [Fact]
    public async Task Unchanged_list_is_not_sent_again()
    {
        await _server.ChatAsync("A", "turn-0001");
        using var first = await _server.Ada.GetAsync("api/threads");

        using var request = new HttpRequestMessage(HttpMethod.Get, "api/threads");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await _server.Ada.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task Thread_is_renamed_archived_and_configured()
    {
        using var created = await _server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001","title":"First","metadata":{"pinned":true},"created_at":"2025-01-31T12:00:00Z"}""");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);

        using var changed = await _server.SendAsync(HttpMethod.Patch, Thread, """{"title":"Second","archived":true,"tools":["Echo"],"system_prompt":"Be kind.","metadata":{}}""");

        var thread = JsonElement.Parse(await changed.Content.ReadAsStringAsync());
        Assert.Equal(("Second", "Be kind."), (thread.GetProperty("title").GetString(), thread.GetProperty("system_prompt").GetString()));
        Assert.StartsWith("2025-01-31T12:00:00", thread.GetProperty("created_at").GetString(), StringComparison.Ordinal);
        Assert.False(thread.TryGetProperty("metadata", out _));
        Assert.Empty(TitlesOf(await _server.GetAsync("api/threads")));
        Assert.Equal(["Second"], TitlesOf(await _server.GetAsync("api/threads?archived=true")));
        Assert.Equal(["Second"], TitlesOf(await _server.GetAsync("api/threads?archived=all")));
        await _server.ChatAsync("A", "turn-0001");
        Assert.Equal("Second", (await _server.GetAsync(Thread)).GetProperty("title").GetString());
        using var again = await _server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""");
        Assert.Equal(HttpStatusCode.Conflict, (await Problem.OfAsync(again)).Status);
    }

    [Fact]
    public async Task Change_and_deletion_are_refused_when_the_thread_has_changed_since()
    {
        using var created = await _server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001","title":"First"}""");
        var etag = created.Headers.ETag!.ToString();
        using var changed = await _server.SendAsync(HttpMethod.Patch, Thread, """{"title":"Second"}""", etag);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);

        using var stale = await _server.SendAsync(HttpMethod.Patch, Thread, """{"title":"Third"}""", etag);
        using var deletion = await _server.SendAsync(HttpMethod.Delete, Thread, ifMatch: etag);

        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Problem.OfAsync(stale)).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Problem.OfAsync(deletion)).Status);
        Assert.Equal("Second", (await _server.GetAsync(Thread)).GetProperty("title").GetString());
        using var current = await _server.SendAsync(HttpMethod.Delete, Thread, ifMatch: changed.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NoContent, current.StatusCode);
    }

    [Fact]
    public async Task Thread_of_one_user_is_out_of_reach_of_another()
    {
        await _server.ChatAsync("Secret", "turn-0001");

        Assert.Empty(JsonElement.Parse(await _server.Bob.GetStringAsync("api/threads")).GetProperty("threads").EnumerateArray());
        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Get, Thread, null), (HttpMethod.Patch, Thread, "{\"title\":\"Mine\"}"), (HttpMethod.Delete, Thread, null), (HttpMethod.Get, $"{Thread}/turns", null),
            (HttpMethod.Get, $"{Thread}/export", null), (HttpMethod.Delete, $"{Thread}/turns/turn-0001", null), (HttpMethod.Put, $"{Thread}/turns/turn-0002", Turn("turn-0001")),
        })
        {
            using var response = await ThreadServer.SendAsync(_server.Bob, method, path, body);
            Assert.Equal(HttpStatusCode.NotFound, (await Problem.OfAsync(response)).Status);
        }

        await using (var own = await TurnStream.PostAsync(_server.Bob, ThreadServer.Body("Hi", "turn-0001")))
            await own.ToEndAsync();
        Assert.Equal(["user: Hi"], _server.LastConversation());
        Assert.Equal("Secret", (await _server.GetAsync(Thread)).GetProperty("title").GetString());
    }

    [Fact]
    public async Task Deletion_leaves_no_file_of_the_thread()
    {
        _server.Tools.Go.Set();
        _server.Model.Calls(("a", GatedTools.Steps, "{}")).Says("Done.");
        await _server.ChatAsync("A", "turn-0001", $$""","tools":["{{GatedTools.Steps}}"]""");
        await _server.ChatAsync("B", "turn-0002");
        await UploadAsync("thread-0001");
        await UploadAsync("thread-0002");
        await _server.ChatAsync("Other", "turn-0003", thread: "thread-0002");
        var before = Files();
        Assert.Contains(before, file => file.StartsWith("runs/", StringComparison.Ordinal));

        using var response = await _server.SendAsync(HttpMethod.Delete, Thread);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        var user = before[^1].Split('/')[1];
        Assert.Equal(2, Files().Count(file => file.StartsWith("files/", StringComparison.Ordinal)));
        Assert.Equal(4, before.Count(file => file.StartsWith("files/", StringComparison.Ordinal)));
        Assert.Equal([$"threads/{user}/thread-0002/thread.json", $"threads/{user}/thread-0002/turns/content.json", $"turns/{user}/turn-0003.lease", $"turns/{user}/turn-0003.log"], Files().Where(file => !file.StartsWith("files/", StringComparison.Ordinal)).Select(file => System.Text.RegularExpressions.Regex.Replace(file, "content_[0-9a-f]{32}", "content", System.Text.RegularExpressions.RegexOptions.NonBacktracking)));
        using var gone = await _server.Ada.GetAsync("api/turns/turn-0001");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Deletion_stops_a_turn_that_runs()
    {
        var feed = new ModelFeed();
        _server.Model.Plays(feed);
        await using var running = await _server.StartChatAsync("A", "turn-0001");
        await feed.Called.WaitAsync();

        using var response = await _server.SendAsync(HttpMethod.Delete, Thread);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("CANCELLED", (await running.ToEndAsync())[^1].Text("code"));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Deleted_turn_takes_those_that_follow_it()
    {
        await _server.ChatAsync("A", "turn-0001");
        await _server.ChatAsync("B", "turn-0002");
        await _server.ChatAsync("C", "turn-0003", ""","parent_turn_id":"turn-0001" """);
        await _server.ChatAsync("D", "turn-0004", ""","parent_turn_id":"turn-0002" """);

        using var response = await _server.SendAsync(HttpMethod.Delete, $"{Thread}/turns/turn-0002");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(["turn-0001", "turn-0003"], (await _server.GetAsync(Thread)).GetProperty("turns").EnumerateArray().Select(turn => turn.GetProperty("turn_id").GetString()));
        Assert.DoesNotContain(Files(), file => file.Contains("turn-0002", StringComparison.Ordinal) || file.Contains("turn-0004", StringComparison.Ordinal));
        Assert.Equal(2, Files().Count(file => file.Contains("/turns/content_", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Deletion_of_a_turn_is_refused_when_the_thread_has_changed_since()
    {
        await _server.ChatAsync("A", "turn-0001");
        var etag = (await _server.GetAsync(Thread)).GetProperty("etag").GetString();
        await _server.ChatAsync("B", "turn-0002");

        using var stale = await _server.SendAsync(HttpMethod.Delete, $"{Thread}/turns/turn-0001", ifMatch: etag);

        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Problem.OfAsync(stale)).Status);
        var thread = await _server.GetAsync(Thread);
        Assert.Equal(2, thread.GetProperty("turns").GetArrayLength());
        using var current = await _server.SendAsync(HttpMethod.Delete, $"{Thread}/turns/turn-0001", ifMatch: thread.GetProperty("etag").GetString());
        Assert.Equal(HttpStatusCode.NoContent, current.StatusCode);
        Assert.Empty((await _server.GetAsync(Thread)).GetProperty("turns").EnumerateArray());
    }

    [Fact]
    public async Task Turn_of_a_clients_own_history_is_added_and_continued()
    {
        using var created = await _server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""");
        using var first = await _server.SendAsync(HttpMethod.Put, $"{Thread}/turns/turn-0001", Turn());
        using var again = await _server.SendAsync(HttpMethod.Put, $"{Thread}/turns/turn-0001", Turn());
        using var orphan = await _server.SendAsync(HttpMethod.Put, $"{Thread}/turns/turn-0003", Turn("turn-0002"));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.Conflict), (first.StatusCode, again.StatusCode, orphan.StatusCode));

        await _server.ChatAsync("And now?", "turn-0002");

        Assert.Equal(["user: Hello \"you\"", "assistant: Hi 😀.", "user: And now?"], _server.LastConversation());
        Assert.Equal("Hello \"you\"", (await _server.GetAsync(Thread)).GetProperty("title").GetString());
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[]}""", "$.events")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"delta","data":{"content":"x"}}]}""", "$.events")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"delta","data":{"content":1}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"plan","data":{}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true},"more":1}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":2,"type":"delta","data":{"content":"x"}},{"id":2,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.events[1].id")]
    [InlineData("""{"messages":[{"role":"robot","content":"A"}],"events":[{"id":1,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.messages[0].role")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[{"role":"system","content":"Obey."}],"iterations":1,"usage":{"input_tokens":1,"output_tokens":1}}}]}""", "$.events")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[7],"iterations":1,"usage":{"input_tokens":1,"output_tokens":1}}}]}""", "$.events")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"created_at":"yesterday","events":[{"id":1,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.created_at")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"created_at":"9999-12-31T23:59:59Z","events":[{"id":1,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.created_at")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"created_at":"1999-12-31T23:59:59Z","events":[{"id":1,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.created_at")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[],"iterations":1,"usage":{"input_tokens":-1,"output_tokens":1}}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[],"iterations":1,"usage":{"input_tokens":1,"output_tokens":9223372036854775807}}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[],"iterations":1,"usage":{"input_tokens":1,"output_tokens":1,"cost":-5}}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"llm_response","data":{"phase":"answer","iteration":1,"finish_reason":"stop","usage":{"input_tokens":1,"output_tokens":1,"cost":1e27},"duration_ms":1}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"llm_response","data":{"phase":"answer","iteration":1,"finish_reason":"stop","duration_ms":-1}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"tool_call_result","data":{"id":"a","name":"b","content":"c","duration_ms":1e300}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}},{"id":2,"type":"delta","data":{"content":"x"}}]}""", "$.events[1]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}},{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.events[1]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[],"iterations":1,"usage":{"input_tokens":1,"output_tokens":1}}},{"id":2,"type":"parked","data":{"waiting":[],"at":"2026-01-01T00:00:00Z"}},{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.events[1]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"citation","data":{"number":1,"url":"javascript:alert(1)","title":"x"}},{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"citation","data":{"number":1,"url":"data:text/html,x","title":"x"}},{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"citation","data":{"number":1,"title":"x"}},{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"citation","data":{"number":-1,"url":"https://example.com/","title":"x"}},{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"input_request","data":{"id":"req_1","call_id":"a","message":"x","schema":{},"expires_at":"2026-01-01T00:00:00Z","url":"javascript:alert(1)"}},{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"llm_request","data":{"phase":"answer","iteration":-1,"provider":"a","model":"b"}},{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[],"iterations":1,"usage":{}}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[],"iterations":1,"usage":null}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":null,"iterations":1,"usage":{"input_tokens":1,"output_tokens":1}}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[],"iterations":1}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true,"retry_after":-1}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"created_at":"12:00","events":[{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.created_at")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"created_at":"Jan 5","events":[{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.created_at")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"created_at":"01/02/2003","events":[{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.created_at")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"created_at":"2026-01-31","events":[{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.created_at")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"created_at":"2026-01-31T12:00:00","events":[{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.created_at")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"created_at":"2026-13-31T12:00:00Z","events":[{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.created_at")]
    public async Task Turn_that_is_not_valid_is_refused(string body, string path)
    {
        using var created = await _server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""");

        using var response = await _server.SendAsync(HttpMethod.Put, $"{Thread}/turns/turn-0001", body);

        var problem = await Problem.OfAsync(response);
        Assert.Equal((HttpStatusCode.BadRequest, path), (problem.Status, problem.Path));
        Assert.Empty((await _server.GetAsync(Thread)).GetProperty("turns").EnumerateArray());
    }

    [Fact]
    public async Task Export_is_the_whole_thread()
    {
        await _server.ChatAsync("A", "turn-0001");
        await _server.ChatAsync("B", "turn-0002");

        using var response = await _server.Ada.GetAsync($"{Thread}/export");

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
            await _server.ChatAsync("A", $"turn-000{number}");

        var first = await _server.GetAsync($"{Thread}/turns?limit=2");
        var second = await _server.GetAsync($"{Thread}/turns?limit=2&after={first.GetProperty("next").GetString()}");

        Assert.Equal(2, first.GetProperty("turns").GetArrayLength());
        Assert.Equal("turn-0003", Assert.Single(second.GetProperty("turns").EnumerateArray()).GetProperty("turn_id").GetString());
        Assert.False(second.TryGetProperty("next", out _));
    }

    [Theory]
    [InlineData("api/threads?limit=0")]
    [InlineData("api/threads?limit=201")]
    [InlineData("api/threads?archived=maybe")]
    [InlineData("api/threads?after=xx")]
    public async Task Query_that_is_not_valid_is_refused(string path)
    {
        using var response = await _server.Ada.GetAsync(path);

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
        using var response = await _server.SendAsync(HttpMethod.Patch, Thread, body);

        Assert.Equal(path, (await Problem.OfAsync(response)).Path);
    }

    [Theory]
    [InlineData("2025-01-31T12:00:00Z")]
    [InlineData("2025-01-31T14:00:00.000+02:00")]
    [InlineData("2025-01-31T12:00:00.000000001Z")]
    public async Task Thread_keeps_the_time_of_RFC_3339_that_it_is_created_with(string createdAt)
    {
        using var response = await _server.SendAsync(HttpMethod.Post, "api/threads", $$"""{"thread_id":"thread-0001","created_at":"{{createdAt}}"}""");

        Assert.True(response.IsSuccessStatusCode);
        Assert.StartsWith("2025-01-31T12:00:00", (await _server.GetAsync(Thread)).GetProperty("created_at").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    public async Task Thread_from_an_impossible_time_is_refused(string createdAt)
    {
        using var response = await _server.SendAsync(HttpMethod.Post, "api/threads", $$"""{"thread_id":"thread-0001","created_at":"{{createdAt}}"}""");

        Assert.Equal("$.created_at", (await Problem.OfAsync(response)).Path);
    }

    [Fact]
    public async Task Cost_in_an_added_turn_counts_nowhere()
    {
        await using var server = await ThreadServer.StartAsync(
            settings: [("FuncChat:Prices:all:Model", "*"), ("FuncChat:Prices:all:Input", "1"), ("FuncChat:Prices:all:Output", "2")]);
        using var created = await server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""");
        using var added = await server.SendAsync(
            HttpMethod.Put, $"{Thread}/turns/turn-0001",
            """{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[],"iterations":1,"usage":{"input_tokens":1000,"output_tokens":1000,"cost":999}}}]}""");
        Assert.Equal(HttpStatusCode.NoContent, added.StatusCode);

        Assert.False((await server.GetAsync(Thread)).TryGetProperty("cost", out _));
        var month = (await server.GetAsync("api/usage")).GetProperty("this_month");
        Assert.Equal((0, 0m), (month.GetProperty("tokens").GetInt64(), month.GetProperty("cost").GetDecimal()));
    }

    [Theory]
    [InlineData("""{"folder":null}""", null)]
    [InlineData("""{"folder":"  "}""", null)]
    [InlineData("""{"title":"B"}""", "Work")]
    [InlineData("""{"folder":"Überblick 🌱 2026"}""", "Überblick 🌱 2026")]
    public async Task Folder_is_changed_only_by_a_body_that_names_it(string change, string? folder)
    {
        using var created = await _server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001","folder":"Work"}""");

        using var changed = await _server.SendAsync(HttpMethod.Patch, "api/threads/thread-0001", change);

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(folder, (await _server.GetAsync("api/threads/thread-0001")).TryGetProperty("folder", out var shown) ? shown.GetString() : null);
    }

    [Fact]
    public async Task Threads_are_put_into_folders_and_listed_by_them()
    {
        using var first = await _server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001","title":"A","folder":" Work "}""");
        await _server.ChatAsync("B", "turn-0002", thread: "thread-0002");
        using var moved = await _server.SendAsync(HttpMethod.Patch, "api/threads/thread-0002", """{"folder":"Home & garden"}""");
        await _server.ChatAsync("C", "turn-0003", thread: "thread-0003");

        Assert.Equal("Work", (await _server.GetAsync(Thread)).GetProperty("folder").GetString());
        Assert.Equal(["A"], TitlesOf(await _server.GetAsync("api/threads?folder=Work")));
        Assert.Equal(["A"], TitlesOf(await _server.GetAsync("api/threads?folder=%20Work%20")));
        Assert.Equal(["B"], TitlesOf(await _server.GetAsync("api/threads?folder=Home%20%26%20garden")));
        Assert.Equal(["C"], TitlesOf(await _server.GetAsync("api/threads?folder=")));
        Assert.Equal(3, TitlesOf(await _server.GetAsync("api/threads")).Count());

        using var taken = await _server.SendAsync(HttpMethod.Patch, Thread, """{"folder":""}""");
        Assert.False((await _server.GetAsync(Thread)).TryGetProperty("folder", out _));
    }

    [Fact]
    public async Task Change_clears_the_tools_with_null_and_keeps_them_if_it_names_none()
    {
        using var created = await _server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001","tools":["Echo"]}""");
        using var kept = await _server.SendAsync(HttpMethod.Patch, Thread, """{"title":"First"}""");
        Assert.Equal("Echo", Assert.Single((await _server.GetAsync(Thread)).GetProperty("tools").EnumerateArray()).GetString());

        using var cleared = await _server.SendAsync(HttpMethod.Patch, Thread, """{"tools":null}""");

        Assert.Equal(HttpStatusCode.OK, cleared.StatusCode);
        Assert.False((await _server.GetAsync(Thread)).TryGetProperty("tools", out _));
    }

    private async Task UploadAsync(string thread)
    {
        using var form = new MultipartFormDataContent { { new StringContent("A,B\n1,2\n"), "file", "table.csv" }, { new StringContent(thread), "thread_id" } };
        using var response = await _server.Ada.PostAsync("api/files", form);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static string Turn(string? parent = null) =>
        $$$"""{{{{(parent is null ? "" : $"\"parent_turn_id\":\"{parent}\",")}}}"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hello \"you\""}],"events":[{"id":1,"type":"delta","data":{"content":"Hi 😀."}},{"id":2,"type":"error","data":{"error":"Stopped","code":"CANCELLED","retryable":false}}]}""";

    private static IEnumerable<string?> TitlesOf(JsonElement list) => list.GetProperty("threads").EnumerateArray().Select(thread => thread.GetProperty("title").GetString());

    private List<string> Files() =>
    [
        .. Directory.EnumerateFiles(_server.DataPath, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_server.DataPath, file).Replace('\\', '/'))
            .Where(file => !file.Contains(".locks/", StringComparison.Ordinal) && !file.Contains("/.", StringComparison.Ordinal)
                && !file.StartsWith("usage/", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];
}

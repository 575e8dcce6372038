using System.Net;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>`POST /api/chat` with a thread, over HTTP.</summary>
public sealed class ThreadTurnTests : IAsyncLifetime
{
    private ThreadServer _server = null!;

    private FakeModel Model => _server.Model;

    public async Task InitializeAsync() => _server = await ThreadServer.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Turn_continues_the_conversation_with_only_the_new_message()
    {
        Model.Says("Hello.").Calls(("a", GatedTools.Echo, """{"text":"one"}""")).Says("Done.").Says("Bye.");
        await _server.ChatAsync("Hi", "turn-0001");
        await _server.ChatAsync("Use a tool", "turn-0002", ""","tools":["Echo"]""");

        await _server.ChatAsync("Thanks", "turn-0003");

        Assert.Equal(
            ["user: Hi", "assistant: Hello.", "user: Use a tool", "assistant: ", "tool: one", "assistant: Done.", "user: Thanks"], _server.LastConversation());
    }

    [Fact]
    public async Task System_message_becomes_the_threads_prompt_and_another_one_replaces_it_for_its_turn()
    {
        Model.Says("1").Says("2").Says("3");
        await using (var first = await TurnStream.PostAsync(
            _server.Ada, """{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"A"}],"thread_id":"thread-0001"}"""))
            await first.ToEndAsync();
        await using (var second = await TurnStream.PostAsync(
            _server.Ada, """{"messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":"B"}],"thread_id":"thread-0001"}"""))
            await second.ToEndAsync();
        Assert.Equal(["developer: Be brief.", "user: A", "assistant: 1", "user: B"], _server.LastConversation());

        await _server.ChatAsync("C", "turn-0003");

        Assert.Equal(["system: Be kind.", "user: A", "assistant: 1", "user: B", "assistant: 2", "user: C"], _server.LastConversation());
    }

    [Fact]
    public async Task Turn_without_tools_has_those_of_its_thread_unless_it_names_none()
    {
        Model.Says("1").Says("2").Says("3");
        await _server.ChatAsync("A", "turn-0001", ""","tools":["Echo","Quick"]""");

        await _server.ChatAsync("B", "turn-0002");
        Assert.Equal(2, Model.Requests[^1].Tools.Count);

        await _server.ChatAsync("C", "turn-0003", ""","tools":[]""");
        Assert.Empty(Model.Requests[^1].Tools);
    }

    [Fact]
    public async Task Branch_continues_from_the_turn_that_it_names()
    {
        Model.Says("1").Says("2").Says("3").Says("4");
        await _server.ChatAsync("A", "turn-0001");
        await _server.ChatAsync("B", "turn-0002");

        await _server.ChatAsync("C", "turn-0003", ""","parent_turn_id":"turn-0001" """);
        Assert.Equal(["user: A", "assistant: 1", "user: C"], _server.LastConversation());

        await _server.ChatAsync("D", "turn-0004", ""","parent_turn_id":"root" """);
        Assert.Equal(["user: D"], _server.LastConversation());
        var thread = await _server.GetAsync("api/threads/thread-0001");
        Assert.Equal([null, "turn-0001", "turn-0001", null], thread.GetProperty("turns").EnumerateArray().Select(turn =>
            turn.TryGetProperty("parent_turn_id", out var parent) ? parent.GetString() : null));
    }

    [Fact]
    public async Task Second_turn_is_refused_while_one_runs()
    {
        var feed = new ModelFeed();
        Model.Plays(feed);
        await using var running = await _server.StartChatAsync("A", "turn-0001");
        await feed.Called.WaitAsync();

        var problem = await Problem.OfPostAsync(_server.Ada, "api/chat", ThreadServer.Body("B", "turn-0002"));

        Assert.Equal((HttpStatusCode.Conflict, "CONFLICT", "$.thread_id"), (problem.Status, problem.Code, problem.Path));
        Assert.Contains("turn-0001", problem.Detail, StringComparison.Ordinal);
        var list = await _server.GetAsync("api/threads");
        Assert.Equal("turn-0001", list.GetProperty("threads")[0].GetProperty("running_turn_id").GetString());
        feed.End();
        await running.ToEndAsync();
    }

    [Fact]
    public async Task Queued_turn_starts_when_the_running_one_has_ended()
    {
        var feed = new ModelFeed();
        Model.Plays(feed).Says("2");
        await using var running = await _server.StartChatAsync("A", "turn-0001");
        await feed.Called.WaitAsync();
        var queued = _server.ChatAsync("B", "turn-0002", ""","if_running":"queue" """);

        feed.Give(FakeModel.Text("1"));
        feed.End();

        Assert.Equal("complete", (await queued)[^1].Name);
        Assert.Equal(["user: A", "assistant: 1", "user: B"], _server.LastConversation());
    }

    [Fact]
    public async Task Interrupting_turn_stops_the_running_one_and_keeps_its_text()
    {
        var feed = new ModelFeed();
        Model.Plays(feed).Says("2");
        await using var running = await _server.StartChatAsync("A", "turn-0001");
        feed.Give(FakeModel.Text("Half"));
        while ((await running.NextAsync())!.Name != "delta")
        {
        }

        await _server.ChatAsync("B", "turn-0002", ""","if_running":"interrupt" """);

        Assert.Equal("CANCELLED", (await running.ToEndAsync())[^1].Text("code"));
        Assert.Equal(["user: A", "assistant: Half", "user: B"], _server.LastConversation());
        var turns = (await _server.GetAsync("api/threads/thread-0001")).GetProperty("turns");
        Assert.Equal(["stopped", "complete"], turns.EnumerateArray().Select(turn => turn.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Same_request_again_follows_the_same_turn()
    {
        Model.Says("1");
        var first = await _server.ChatAsync("A", "turn-0001");

        var again = await _server.ChatAsync("A", "turn-0001");

        Assert.Equal(SseEvent.Join(first), SseEvent.Join(again));
        Assert.Single(Model.Requests);
        Assert.Equal(1, (await _server.GetAsync("api/threads/thread-0001")).GetProperty("turns").GetArrayLength());
    }

    [Fact]
    public async Task Tool_result_without_a_call_is_refused_at_its_place_in_the_request()
    {
        Model.Calls(("call_1", GatedTools.Echo, """{"text":"one"}""")).Says("Done.").Says("Bye.");
        await _server.ChatAsync("A", "turn-0001", ""","tools":["Echo"]""");

        var problem = await Problem.OfPostAsync(
            _server.Ada, "api/chat", """{"messages":[{"role":"user","content":"B"},{"role":"tool","tool_call_id":"none","content":"x"}],"thread_id":"thread-0001"}""");

        Assert.Equal("$.messages[1].tool_call_id", problem.Path);
    }

    [Theory]
    [InlineData(""","parent_turn_id":"turn-0009" """, "$.parent_turn_id", HttpStatusCode.Conflict)]
    [InlineData(""","parent_turn_id":"../x" """, "$.parent_turn_id", HttpStatusCode.BadRequest)]
    [InlineData(""","if_running":"later" """, "$.if_running", HttpStatusCode.BadRequest)]
    [InlineData(""","model":"other:model" """, "$.model", HttpStatusCode.BadRequest)]
    public async Task Place_that_is_not_valid_is_refused_and_leaves_no_thread(string more, string path, HttpStatusCode status)
    {
        var problem = await Problem.OfPostAsync(_server.Ada, "api/chat", ThreadServer.Body("A", "turn-0001", more));

        Assert.Equal((status, path), (problem.Status, problem.Path));
        Assert.Empty((await _server.GetAsync("api/threads")).GetProperty("threads").EnumerateArray());
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"thread_id":"x"}""", "$.thread_id")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"if_running":"queue"}""", "$.thread_id")]
    [InlineData("""{"messages":[],"thread_id":"thread-0001"}""", "$.messages")]
    [InlineData("""{"messages":[{"role":"user"}],"thread_id":"thread-0001"}""", "$.messages[0].content")]
    public async Task Body_that_is_not_valid_is_refused(string body, string path) =>
        Assert.Equal((HttpStatusCode.BadRequest, path), await RefusalAsync(body));

    [Fact]
    public async Task Turn_that_a_limit_refuses_leaves_no_thread()
    {
        await using var server = await ThreadServer.StartAsync(settings: [("FuncChat:Limits:BytesPerDay", "1")]);
        server.Model.Says("1");
        await server.ChatAsync("A", "turn-0001");

        var problem = await Problem.OfPostAsync(server.Ada, "api/chat", ThreadServer.Body("B", "turn-0002", thread: "thread-0002"));

        Assert.Equal(HttpStatusCode.TooManyRequests, problem.Status);
        Assert.Equal("thread-0001", Assert.Single((await server.GetAsync("api/threads")).GetProperty("threads").EnumerateArray()).GetProperty("id").GetString());
        Assert.DoesNotContain(Directory.EnumerateDirectories(server.DataPath, "*", SearchOption.AllDirectories), folder => folder.EndsWith("thread-0002", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Turn_that_waits_for_a_person_is_running_until_it_was_answered()
    {
        await using var server = await ThreadServer.StartAsync(settings: [("FuncChat:Approvals:Always", "Echo")]);
        server.Model.Calls(("a", GatedTools.Echo, """{"text":"one"}""")).Says("Done.").Says("Bye.");
        Assert.Equal("parked", (await server.ChatAsync("A", "turn-0001", ""","tools":["Echo"]"""))[^1].Name);
        Assert.Equal("running", await StatusAsync(server));
        Assert.Equal(HttpStatusCode.Conflict, (await Problem.OfPostAsync(server.Ada, "api/chat", ThreadServer.Body("B", "turn-0002"))).Status);

        using (var approved = await ThreadServer.SendAsync(server.Ada, HttpMethod.Post, "api/turns/turn-0001/signals", """{"type":"approve","request_id":"req_1"}"""))
            await approved.Content.ReadAsStringAsync();

        Assert.Equal("complete", await StatusAsync(server));
        await server.ChatAsync("B", "turn-0002");
        Assert.Equal(["user: A", "assistant: ", "tool: one", "assistant: Done.", "user: B"], server.LastConversation());
    }

    [Fact]
    public async Task Turn_that_another_instance_completes_is_recorded_in_its_thread()
    {
        using var folder = new TemporaryFolder();
        var feed = new ModelFeed();
        await using (var first = await ThreadServer.StartAsync(dataPath: folder.Path, settings: [("FuncChat:Turns:ShutdownGrace", "00:00:00")]))
        {
            first.Model.Plays(feed);
            await using var turn = await first.StartChatAsync("A", "turn-0001");
            await feed.Called.WaitAsync();
            await first.StopAsync();
        }

        await using var second = await ThreadServer.StartAsync(dataPath: folder.Path);
        second.Model.Says("Completed here.").Says("Bye.");
        Assert.Equal("running", await StatusAsync(second));

        await using (var followed = await TurnStream.FollowAsync(second.Ada, "turn-0001", 0))
            await followed.ToEndAsync();

        Assert.Equal("complete", await StatusAsync(second));
        await second.ChatAsync("B", "turn-0002");
        Assert.Equal(["user: A", "assistant: Completed here.", "user: B"], second.LastConversation());
    }

    [Fact]
    public async Task Turn_whose_process_has_gone_continues_when_another_turn_is_refused()
    {
        using var folder = new TemporaryFolder();
        await using (var first = await ThreadServer.StartAsync(dataPath: folder.Path, settings: [("FuncChat:Turns:ShutdownGrace", "00:00:00")]))
        {
            var lost = new ModelFeed();
            first.Model.Plays(lost);
            await using var turn = await first.StartChatAsync("A", "turn-0001");
            await lost.Called.WaitAsync();
            await first.StopAsync();
        }

        await using var second = await ThreadServer.StartAsync(dataPath: folder.Path);
        var feed = new ModelFeed();
        second.Model.Plays(feed).Says("Bye.");

        Assert.Equal(HttpStatusCode.Conflict, (await Problem.OfPostAsync(second.Ada, "api/chat", ThreadServer.Body("B", "turn-0002"))).Status);

        await feed.Called.WaitAsync();
        Assert.Equal(HttpStatusCode.Conflict, (await Problem.OfPostAsync(second.Ada, "api/chat", ThreadServer.Body("B", "turn-0002"))).Status);
        feed.Give(FakeModel.Text("Completed here."));
        feed.End();
        await second.ChatAsync("B", "turn-0002", ""","if_running":"queue" """);
        Assert.Equal(["user: A", "assistant: Completed here.", "user: B"], second.LastConversation());
    }

    [Theory]
    [InlineData("MaxPerUser", "1", "threads")]
    [InlineData("MaxTurns", "1", "thread_turns")]
    public async Task Limit_of_threads_is_an_error_that_names_it(string setting, string value, string limit)
    {
        await using var server = await ThreadServer.StartAsync(settings: [($"FuncChat:Threads:{setting}", value)]);
        server.Model.Says("1");
        await server.ChatAsync("A", "turn-0001");

        using var response = await ThreadServer.SendAsync(
            server.Ada, HttpMethod.Post, "api/chat", ThreadServer.Body("B", "turn-0002", thread: limit == "threads" ? "thread-0002" : "thread-0001"));

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Contains($"\"limit\":\"{limit}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Title_is_written_by_the_model_that_the_settings_name()
    {
        await using var server = await ThreadServer.StartAsync(settings: [("FuncChat:Threads:TitleModel", FakeModel.Name)]);
        server.Model.Says("The tide rises twice a day.").Says("\"Tides of the sea.\"");

        await server.ChatAsync("When does the tide rise?", "turn-0001");

        Assert.Equal("Tides of the sea", (await server.GetAsync("api/threads/thread-0001")).GetProperty("title").GetString());
        Assert.True((await server.GetAsync("api/usage")).GetProperty("tokens_per_day").GetProperty("used").GetInt64() >= 30);
    }

    [Fact]
    public async Task Title_stays_the_first_line_when_the_settings_name_no_model()
    {
        await using var server = await ThreadServer.StartAsync(settings: [("FuncChat:Threads:TitleModel", "none")]);
        server.Model.Says("The tide rises twice a day.");

        await server.ChatAsync("When does the tide rise?", "turn-0001");

        Assert.Equal("When does the tide rise?", (await server.GetAsync("api/threads/thread-0001")).GetProperty("title").GetString());
        Assert.Single(server.Model.Requests);
    }

    private static async Task<string?> StatusAsync(ThreadServer server) =>
        (await server.GetAsync("api/threads/thread-0001")).GetProperty("turns")[0].GetProperty("status").GetString();

    private async Task<(HttpStatusCode, string?)> RefusalAsync(string body)
    {
        var problem = await Problem.OfPostAsync(_server.Ada, "api/chat", body);
        return (problem.Status, problem.Path);
    }
}

using System.Net;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Threads one of whose turns runs, over HTTP.</summary>
public sealed class RunningTurnTests : IAsyncLifetime
{
    private ThreadServer _server = null!;

    private FakeModel Model => _server.Model;

    public async Task InitializeAsync() => _server = await ThreadServer.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

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

    private static async Task<string?> StatusAsync(ThreadServer server) =>
        (await server.GetAsync("api/threads/thread-0001")).GetProperty("turns")[0].GetProperty("status").GetString();
}

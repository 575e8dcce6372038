using System.Net;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Turns that are added to a thread while a deletion removes the turns before them.</summary>
public sealed class DeletedTurnRaceTests : HeldThreadTests
{
    [Fact]
    public async Task Turn_that_continues_a_turn_while_it_is_deleted_is_stopped_and_deleted_too()
    {
        var feed = new ModelFeed();
        Server.Model.Says("1").Plays(feed);
        await Server.ChatAsync("A", "turn-0001");
        var held = HeldCall.Hold(Threads, nameof(IThreadStore.WriteAsync));
        var deleting = DeleteTurnAsync("turn-0001");
        await held.Asked.WaitAsync();
        await using var child = await Server.StartChatAsync("B", "turn-0002");
        await feed.Called.WaitAsync();

        held.Go.Set();

        using var deleted = await deleting;
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal("CANCELLED", (await child.ToEndAsync())[^1].Text("code"));
        await AssertNoTurnAsync();
    }

    [Fact]
    public async Task Turn_that_is_imported_after_a_turn_while_it_is_deleted_is_deleted_too()
    {
        Server.Model.Says("1");
        await Server.ChatAsync("A", "turn-0001");
        var held = HeldCall.Hold(Threads, nameof(IThreadStore.WriteAsync));
        var deleting = DeleteTurnAsync("turn-0001");
        await held.Asked.WaitAsync();
        using var imported = await ImportAsync("B", "turn-0002", "turn-0001");
        Assert.Equal(HttpStatusCode.NoContent, imported.StatusCode);

        held.Go.Set();

        using var deleted = await deleting;
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await AssertNoTurnAsync();
    }

    [Theory]
    [InlineData(Thread)]
    [InlineData(Thread + "/turns/turn-0001")]
    public async Task Turn_that_is_added_but_not_stored_yet_does_not_run_once_it_is_deleted(string path)
    {
        var feed = new ModelFeed();
        Server.Model.Plays(feed);
        var creating = HeldCall.Hold(Turns, nameof(ITurnStore.BeginAsync));
        var starting = Server.StartChatAsync("A", "turn-0001");
        await creating.Asked.WaitAsync();

        // The deletion looks for the turn until it is stored.
        var looking = HeldCall.Hold(Turns, nameof(ITurnStore.OpenAsync));
        var deleting = Server.SendAsync(HttpMethod.Delete, path);
        for (var i = 0; i < 2; i++)
        {
            await looking.Asked.WaitAsync();
            var again = HeldCall.Hold(Turns, nameof(ITurnStore.OpenAsync));
            looking.Go.Set();
            looking = again;
        }

        await looking.Asked.WaitAsync();
        creating.Go.Set();
        await using var turn = await starting;
        await feed.Called.WaitAsync();
        looking.Go.Set();

        using var deleted = await deleting;
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal("CANCELLED", (await turn.ToEndAsync())[^1].Text("code"));
        await AssertNoTurnAsync();
    }

    [Theory]
    [InlineData(Thread)]
    [InlineData(Thread + "/turns/turn-0001")]
    public async Task Turn_that_is_deleted_by_a_process_with_a_fast_clock_before_it_is_stored_does_not_run(string path)
    {
        Server.Model.Says("Unused.");
        var creating = HeldCall.Hold(Turns, nameof(ITurnStore.BeginAsync));
        var starting = Server.SendAsync(HttpMethod.Post, "api/chat", ThreadServer.Body("A", "turn-0001"));
        await creating.Asked.WaitAsync();
        var key = new ThreadKey("key ada", "thread-0001");
        var (thread, etag) = (await Threads.ReadAsync(key, CancellationToken.None))!;
        await Threads.WriteAsync(thread with { Turns = [thread.Turns[0] with { CreatedAt = thread.CreatedAt - TimeSpan.FromMinutes(1) }] }, etag, CancellationToken.None);
        using var deleted = await Server.SendAsync(HttpMethod.Delete, path);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        creating.Go.Set();

        using var refused = await starting;
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        await AssertNoTurnAsync();
    }

    [Fact]
    public async Task Turn_that_the_same_request_starts_once_more_after_its_deletion_does_not_run()
    {
        var feed = new ModelFeed();
        Server.Model.Plays(feed).Says("Unused.");
        var first = HeldCall.Hold(Turns, nameof(ITurnStore.BeginAsync));
        var starting = Server.StartChatAsync("A", "turn-0001");
        await first.Asked.WaitAsync();
        var second = HeldCall.Hold(Turns, nameof(ITurnStore.BeginAsync));
        var again = Server.SendAsync(HttpMethod.Post, "api/chat", ThreadServer.Body("A", "turn-0001"));
        await second.Asked.WaitAsync();
        first.Go.Set();
        await using var turn = await starting;
        await feed.Called.WaitAsync();
        using var deleted = await DeleteTurnAsync("turn-0001");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        second.Go.Set();

        using var refused = await again;
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        await AssertNoTurnAsync();
    }

    [Fact]
    public async Task Turn_that_the_same_request_starts_once_more_runs_when_its_thread_can_not_be_read_afterwards()
    {
        var feed = new ModelFeed();
        Server.Model.Plays(feed);
        var first = HeldCall.Hold(Turns, nameof(ITurnStore.BeginAsync));
        var starting = Server.StartChatAsync("A", "turn-0001");
        await first.Asked.WaitAsync();
        var second = HeldCall.Hold(Turns, nameof(ITurnStore.BeginAsync));
        var again = Server.StartChatAsync("A", "turn-0001");
        await second.Asked.WaitAsync();

        // The next read looks whether the turn was deleted while it was started.
        HeldCall.Fail(Threads, nameof(IThreadStore.ReadAsync), new IOException("The disk is away."));
        second.Go.Set();
        await using var turn = await again;
        first.Go.Set();
        await using var same = await starting;
        feed.End();

        Assert.Equal("complete", (await turn.ToEndAsync())[^1].Name);
        Assert.Equal("complete", (await same.ToEndAsync())[^1].Name);
        Assert.Single(Server.Model.Requests);
    }

    [Fact]
    public async Task Deletion_of_a_thread_removes_nothing_of_one_that_is_created_with_its_id_meanwhile()
    {
        Server.Model.Says("1").Says("2");
        await Server.ChatAsync("A", "turn-0001");
        var held = HeldCall.Hold(Threads, nameof(IThreadStore.RemoveAsync));
        var slow = Server.SendAsync(HttpMethod.Delete, Thread);
        await held.Asked.WaitAsync();
        using var fast = await Server.SendAsync(HttpMethod.Delete, Thread);
        await Server.ChatAsync("B", "turn-0002");

        held.Go.Set();

        using var deleted = await slow;
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (fast.StatusCode, deleted.StatusCode));
        var turn = Assert.Single((await Server.GetAsync($"{Thread}/turns")).GetProperty("turns").EnumerateArray());
        Assert.Equal("B", turn.GetProperty("messages")[0].GetProperty("content").GetString());
    }

    [Fact]
    public async Task Import_after_a_turn_that_runs_is_refused()
    {
        var feed = new ModelFeed();
        Server.Model.Plays(feed);
        await using var running = await Server.StartChatAsync("A", "turn-0001");
        await feed.Called.WaitAsync();

        using var refused = await ImportAsync("B", "turn-0002", "turn-0001");

        var problem = await Problem.OfAsync(refused);
        Assert.Equal((HttpStatusCode.Conflict, "$.parent_turn_id"), (problem.Status, problem.Path));
        feed.End();
        await running.ToEndAsync();
    }

    [Fact]
    public async Task Turn_whose_parent_an_earlier_version_deleted_is_followed_by_the_same_request()
    {
        Server.Model.Says("1").Says("2");
        await Server.ChatAsync("A", "turn-0001");
        var first = await Server.ChatAsync("B", "turn-0002");
        var store = Server.Services.GetRequiredService<ThreadStorage>();
        await foreach (var thread in store.ListExpiredAsync(DateTimeOffset.MaxValue, CancellationToken.None))
            await store.ChangeAsync(thread.Key, known => known with { Turns = [known.Turns[1]] }, CancellationToken.None);

        var again = await Server.ChatAsync("B", "turn-0002");

        Assert.Equal(SseEvent.Join(first), SseEvent.Join(again));
    }

    private async Task AssertNoTurnAsync()
    {
        using var thread = await Server.Ada.GetAsync(Thread);
        if (thread.StatusCode != HttpStatusCode.NotFound)
            Assert.Empty((await Server.GetAsync(Thread)).GetProperty("turns").EnumerateArray());
        Assert.Empty(FilesWith(".log"));
        Assert.Empty(Contents());
    }
}

using System.Net;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Threads that have a turn whose log is missing or has no header: its process was killed, the disk was full, or the file was removed.</summary>
public sealed class LostTurnTests : HeldThreadTests
{
    [Theory]
    [InlineData("missing", "refuse")]
    [InlineData("missing", "queue")]
    [InlineData("missing", "interrupt")]
    [InlineData("empty", "refuse")]
    [InlineData("empty", "interrupt")]
    [InlineData("cut", "queue")]
    public async Task Lost_turn_does_not_block_its_thread(string log, string ifRunning)
    {
        await LoseAsync(log, TimeSpan.FromSeconds(6));
        Server.Model.Says("2");

        Assert.Equal("complete", (await Server.ChatAsync("B", "turn-0002", $$""","if_running":"{{ifRunning}}" """))[^1].Name);

        Assert.Equal(["failed", "complete"], await StatusesAsync());
        Assert.Empty(FilesWith("turn-0001"));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    public async Task Turn_that_may_still_be_starting_is_not_lost(string log)
    {
        await LoseAsync(log, TimeSpan.Zero);

        var problem = await Problem.OfPostAsync(Server.Ada, "api/chat", ThreadServer.Body("B", "turn-0002"));

        Assert.Equal(HttpStatusCode.Conflict, problem.Status);
        Assert.Equal(["running"], await StatusesAsync());
    }

    [Fact]
    public async Task Turn_is_not_lost_while_a_process_holds_its_lease()
    {
        await LoseAsync("missing", TimeSpan.FromHours(1));
        using (FileLease.TryAcquire(FileTurnPaths.Of(Path.Combine(Server.DataPath, "turns"), Key.Turn("turn-0001")).Lease))
            Assert.Equal(["running"], await StatusesAsync());

        Assert.Equal(["failed"], await StatusesAsync());
    }

    [Fact]
    public async Task Lost_turn_starts_when_its_request_is_repeated()
    {
        await LoseAsync("missing", TimeSpan.FromHours(1));
        Server.Model.Says("Again.");

        Assert.Equal("complete", (await Server.ChatAsync("A", "turn-0001"))[^1].Name);

        Assert.Equal(["complete"], await StatusesAsync());
    }

    [Fact]
    public async Task Thread_fails_a_turn_that_has_the_id_of_a_turn_outside_of_it()
    {
        await LoseAsync("missing", TimeSpan.FromHours(1));
        Server.Model.Says("2");
        using var outside = await Server.SendAsync(HttpMethod.Post, "api/chat", """{"messages":[{"role":"user","content":"B"}],"turn_id":"turn-0001"}""");
        Assert.Contains("event: complete", await outside.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        Assert.Equal(["failed"], await StatusesAsync());
        Assert.Single(FilesWith("turn-0001.log"));
    }

    [Fact]
    public async Task Turn_that_was_ended_as_lost_before_it_was_stored_runs_if_no_other_has_followed()
    {
        await LoseAsync("missing", TimeSpan.Zero);
        Server.Model.Says("Again.");
        var held = HeldCall.Hold(Turns, nameof(ITurnStore.BeginAsync));
        var starting = Server.ChatAsync("A", "turn-0001");
        await held.Asked.WaitAsync();
        await EndAsLostAsync();

        held.Go.Set();

        Assert.Equal("complete", (await starting)[^1].Name);
        Assert.Equal(["complete"], await StatusesAsync());
    }

    [Fact]
    public async Task Turn_that_was_ended_as_lost_before_it_was_stored_is_stopped_if_another_has_followed()
    {
        await LoseAsync("missing", TimeSpan.Zero);
        Server.Model.Says("2").Plays(new ModelFeed());
        var held = HeldCall.Hold(Turns, nameof(ITurnStore.BeginAsync));
        var starting = Problem.OfPostAsync(Server.Ada, "api/chat", ThreadServer.Body("A", "turn-0001"));
        await held.Asked.WaitAsync();
        await EndAsLostAsync();
        await Server.ChatAsync("B", "turn-0002");

        held.Go.Set();

        Assert.Equal(HttpStatusCode.Conflict, (await starting).Status);
        Assert.Equal(["stopped", "complete"], await StatusesAsync());
    }

    [Fact]
    public async Task Turn_that_a_reader_with_a_fast_clock_ended_as_lost_runs_in_its_thread()
    {
        var feed = new ModelFeed();
        Server.Model.Plays(feed);
        var held = HeldCall.Hold(Turns, nameof(ITurnStore.BeginAsync));
        var starting = Server.StartChatAsync("A", "turn-0001");
        await held.Asked.WaitAsync();
        await EndAsLostAsync();

        held.Go.Set();

        await using var turn = await starting;
        await feed.Called.WaitAsync();
        Assert.Equal(["running"], await StatusesAsync());
        feed.End();
        await turn.ToEndAsync();
    }

    [Fact]
    public async Task Turn_that_is_stored_while_a_reader_ends_it_as_lost_runs_in_its_thread()
    {
        var feed = new ModelFeed();
        Server.Model.Plays(feed);
        var held = HeldCall.Hold(Turns, nameof(ITurnStore.BeginAsync));
        var starting = Server.StartChatAsync("A", "turn-0001");
        await held.Asked.WaitAsync();
        await AgeAsync();
        var writing = HeldCall.Hold(Threads, nameof(IThreadStore.WriteAsync));
        var reading = StatusesAsync();
        await writing.Asked.WaitAsync();
        held.Go.Set();
        await using var turn = await starting;
        await feed.Called.WaitAsync();

        writing.Go.Set();

        Assert.Equal(["running"], await reading);
        feed.End();
        await turn.ToEndAsync();
    }

    [Fact]
    public async Task Turn_that_two_processes_end_as_lost_runs_for_its_own_request_only()
    {
        await using var other = await ThreadServer.StartAsync(dataPath: Server.DataPath);
        var feed = new ModelFeed();
        Server.Model.Plays(feed);
        var starting = HeldCall.Hold(Turns, nameof(ITurnStore.BeginAsync));
        var started = Server.StartChatAsync("A", "turn-0001");
        await starting.Asked.WaitAsync();
        await AgeAsync();
        var removing = HeldCall.Hold(Retention, nameof(ITurnRetention.RemoveAsync));
        var reading = StatusesAsync();
        await removing.Asked.WaitAsync();
        await other.GetAsync($"{Thread}/turns");
        var looking = HeldCall.Hold(Turns, nameof(ITurnStore.OpenAsync));
        removing.Go.Set();
        await Task.WhenAny(reading, looking.Asked.WaitAsync());

        var restoring = HeldCall.Hold(Threads, nameof(IThreadStore.WriteAsync));
        starting.Go.Set();
        await restoring.Asked.WaitAsync();
        looking.Go.Set();
        await reading;
        restoring.Go.Set();

        await using var turn = await started;
        Assert.True((await Threads.ReadAsync(Key, CancellationToken.None))!.Thread.Turns[0] is { IsRunning: true, Fingerprint: not null });
        feed.End();
        await turn.ToEndAsync();
    }

    [Fact]
    public async Task Turn_is_not_lost_while_the_store_is_out()
    {
        await LoseAsync("missing", TimeSpan.FromHours(1));
        HeldCall.Fail(Retention, nameof(ITurnRetention.RemoveAsync), new IOException("The disk is away."));
        Assert.Equal(["running"], await StatusesAsync());

        Assert.Equal(["failed"], await StatusesAsync());
    }

    [Fact]
    public async Task Turn_that_was_ended_as_lost_and_then_fails_has_an_end()
    {
        var feed = new ModelFeed();
        Server.Model.Plays(feed);
        await using (var turn = await Server.StartChatAsync("A", "turn-0001"))
        {
            await feed.Called.WaitAsync();
            await ChangeAsync(known => known with { Status = ThreadTurnStatus.Failed, Fingerprint = null });
            feed.Fail(new ModelException(new AppError(ErrorCode.Internal, "The model fails.")));
            Assert.Equal("error", (await turn.ToEndAsync())[^1].Name);
        }

        await Server.StopAsync();
        Assert.NotNull((await Threads.ReadAsync(Key, CancellationToken.None))!.Thread.Turns[0].EndedAt);
    }

    private async Task LoseAsync(string log, TimeSpan age)
    {
        Server.Model.Says("1");
        await Server.ChatAsync("A", "turn-0001");
        await DamageAsync(log);
        await ChangeAsync(turn => turn with
        {
            Status = ThreadTurnStatus.Running,
            EndedAt = null,
            CreatedAt = TimeProvider.System.GetUtcNow() - age,
        });
    }

    private async Task EndAsLostAsync()
    {
        await AgeAsync();
        Assert.Equal(["failed"], await StatusesAsync());
    }

    private Task AgeAsync() => ChangeAsync(turn => turn with { CreatedAt = turn.CreatedAt - TimeSpan.FromSeconds(6) });
}

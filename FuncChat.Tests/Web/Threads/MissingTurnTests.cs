using System.Net;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Requests by its id for a turn whose log was removed, while its thread shows it as running.</summary>
public sealed class MissingTurnTests : HeldThreadTests
{
    [Theory]
    [InlineData("api/turns/turn-0001")]
    [InlineData("api/chat/turn-0001")]
    [InlineData("api/turns/turn-0001?format=openai-chat")]
    public async Task Turn_that_is_followed_ends_in_its_thread_and_the_error_says_so(string path)
    {
        await LoseAsync();

        using var followed = await Server.SendAsync(HttpMethod.Get, path);

        var problem = await Problem.OfAsync(followed);
        Assert.Equal((HttpStatusCode.NotFound, "NOT_FOUND"), (problem.Status, problem.Code));
        Assert.Contains("Its thread now shows it as failed", problem.Detail, StringComparison.Ordinal);
        Assert.Equal(ThreadTurnStatus.Failed, await StatusAsync());
    }

    [Fact]
    public async Task Turn_that_is_stopped_ends_in_its_thread()
    {
        await LoseAsync();

        using var stopped = await Server.SendAsync(HttpMethod.Delete, "api/turns/turn-0001");

        Assert.Equal(HttpStatusCode.NoContent, stopped.StatusCode);
        Assert.Equal(ThreadTurnStatus.Failed, await StatusAsync());
        using var again = await Server.SendAsync(HttpMethod.Delete, "api/turns/turn-0001");
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task Turn_of_another_user_stays()
    {
        await LoseAsync();

        using var stopped = await ThreadServer.SendAsync(Server.Bob, HttpMethod.Delete, "api/turns/turn-0001");

        Assert.Equal(HttpStatusCode.NotFound, stopped.StatusCode);
        Assert.Equal(ThreadTurnStatus.Running, await StatusAsync());
    }

    [Fact]
    public async Task Turn_is_unavailable_while_the_store_of_the_threads_is_out()
    {
        await LoseAsync();
        HeldCall.Fail(Threads, nameof(IThreadStore.ListAsync), new IOException("The disk is away."));

        using var stopped = await Server.SendAsync(HttpMethod.Delete, "api/turns/turn-0001");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, stopped.StatusCode);
        Assert.Equal(ThreadTurnStatus.Running, await StatusAsync());
    }

    [Fact]
    public async Task Threads_are_listed_once_for_many_turns_that_do_not_exist()
    {
        Server.Model.Says("1");
        await Server.ChatAsync("A", "turn-0001");
        using var first = await Server.SendAsync(HttpMethod.Get, "api/turns/no-such-turn-1");
        var list = HeldCall.Hold(Threads, nameof(IThreadStore.ListAsync), new IOException("The threads are listed again."));
        list.Go.Set();

        using var second = await Server.SendAsync(HttpMethod.Get, "api/turns/no-such-turn-2");
        using var third = await Server.SendAsync(HttpMethod.Delete, "api/turns/no-such-turn-3");

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound], [first.StatusCode, second.StatusCode, third.StatusCode]);
        Assert.False(list.Asked.IsSet);
    }

    [Fact]
    public async Task Interrupted_turn_is_stopped_while_the_store_of_the_threads_is_out()
    {
        Server.Model.Says("1");
        await Server.ChatAsync("A", "turn-0001");
        await CutOffEndAsync("turn-0001");
        await RestartAsync();
        HeldCall.Fail(Threads, nameof(IThreadStore.ReadAsync), new IOException("The disk is away."));

        using var stopped = await Server.SendAsync(HttpMethod.Delete, "api/turns/turn-0001");

        Assert.Equal(HttpStatusCode.NoContent, stopped.StatusCode);
        using var followed = await Server.SendAsync(HttpMethod.Get, "api/turns/turn-0001");
        Assert.Contains("CANCELLED", await followed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_of_a_turn_that_has_ended_stays_when_its_log_is_stopped_while_the_store_of_the_threads_is_out()
    {
        Server.Model.Says("1");
        await Server.ChatAsync("A", "turn-0001");
        await CutOffEndAsync("turn-0001");
        HeldCall.Fail(Threads, nameof(IThreadStore.ReadAsync), new IOException("The disk is away."));

        using var stopped = await Server.SendAsync(HttpMethod.Delete, "api/turns/turn-0001");

        var turn = (await Server.GetAsync($"{Thread}/turns")).GetProperty("turns")[0];
        Assert.Equal(("complete", "1"), (turn.GetProperty("status").GetString(), turn.GetProperty("answer")[0].GetProperty("content").GetString()));
    }

    private async Task LoseAsync()
    {
        Server.Model.Says("1");
        await Server.ChatAsync("A", "turn-0001");
        File.Delete(Assert.Single(FilesWith("turn-0001.log")));
        await RestartAsync();
    }

    // Makes the turn one that was added six seconds ago and never ended.
    private Task RestartAsync() => ChangeAsync(
        turn => turn with { Status = ThreadTurnStatus.Running, EndedAt = null, CreatedAt = TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(6) });

    private async Task<ThreadTurnStatus> StatusAsync() => (await Threads.ReadAsync(Key, CancellationToken.None))!.Thread.Turns[0].Status;
}

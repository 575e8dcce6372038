using System.Net;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Threads;

/// <summary>A turn that has not ended, and whose deletion a crash has interrupted: the thread lists the deletion, and the log is still there.</summary>
public sealed class PendingDeletionTests : HeldThreadTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Turn_neither_continues_nor_is_found_while_its_deletion_is_pending(bool ofThread)
    {
        await StartAsync();
        await BeginDeletionAsync(ofThread);

        using var followed = await Server.Ada.GetAsync("api/turns/turn-0001");
        using var signalled = await Server.SendAsync(HttpMethod.Post, "api/turns/turn-0001/signals", """{"type":"approve","request_id":"req_1"}""");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (followed.StatusCode, signalled.StatusCode));
        Assert.Single(Server.Model.Requests);
        using var deleted = await Server.SendAsync(HttpMethod.Delete, ofThread ? Thread : Thread + "/turns/turn-0001");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(FilesWith(".log"));
        Assert.Single(Server.Model.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Turn_that_has_ended_is_not_found_by_its_id_while_its_deletion_is_pending(bool ofThread)
    {
        Server.Model.Says("1");
        await Server.ChatAsync("A", "turn-0001");
        await BeginDeletionAsync(ofThread);

        foreach (var path in new[] { "api/turns/turn-0001", "api/turns/turn-0001?format=response", "api/chat/turn-0001", "api/v1/responses/turn-0001", "api/v1/responses/turn-0001/input_items" })
        {
            using var read = await Server.Ada.GetAsync(path);
            Assert.Equal((path, HttpStatusCode.NotFound), (path, read.StatusCode));
        }
    }

    [Fact]
    public async Task Turn_ends_as_stopped_when_its_deletion_begins_while_it_is_being_continued()
    {
        await StartAsync();
        var held = HeldCall.Hold(Leases, nameof(ITurnLeases.TryAcquireAsync));
        var following = TurnStream.FollowAsync(Server.Ada, "turn-0001", after: 0);
        await held.Asked.WaitAsync();
        await BeginDeletionAsync(ofThread: false);

        held.Go.Set();

        await using var turn = await following;
        Assert.Equal("CANCELLED", (await turn.ToEndAsync())[^1].Text("code"));
        Assert.Single(Server.Model.Requests);
    }

    [Fact]
    public async Task Import_with_the_id_of_a_turn_whose_deletion_is_pending_is_refused_until_the_deletion_is_complete()
    {
        await StartAsync();
        await BeginDeletionAsync(ofThread: false);

        using var refused = await ImportAsync("B", "turn-0001");

        Assert.Equal(HttpStatusCode.Conflict, (await Problem.OfAsync(refused)).Status);
        using var deleted = await DeleteTurnAsync("turn-0001");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var imported = await ImportAsync("B", "turn-0001");
        Assert.Equal(HttpStatusCode.NoContent, imported.StatusCode);
    }

    [Fact]
    public async Task Chat_with_the_id_of_a_thread_whose_deletion_is_pending_says_so_until_the_deletion_is_complete()
    {
        Server.Model.Says("1").Says("2");
        await Server.ChatAsync("A", "turn-0001");
        await BeginDeletionAsync(ofThread: true);

        var problem = await Problem.OfPostAsync(Server.Ada, "api/chat", ThreadServer.Body("B", "turn-0002"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, problem.Status);
        Assert.Contains("is being deleted", problem.Detail, StringComparison.Ordinal);
        using var deleted = await Server.SendAsync(HttpMethod.Delete, Thread);
        Assert.Equal("complete", (await Server.ChatAsync("B", "turn-0002"))[^1].Name);
    }

    private async Task StartAsync()
    {
        Server.Model.Says("1").Says("Unused.");
        await Server.ChatAsync("A", "turn-0001");
        await CutOffEndAsync("turn-0001");
    }

    private Task BeginDeletionAsync(bool ofThread) => Server.Services.GetRequiredService<ThreadStorage>().ChangeAsync(
        Key,
        thread => ofThread
            ? thread with { IsDeleted = true }
            : thread.Without(["turn-0001"]).With(new TurnDeletion(TurnDeletion.NewId(), TimeProvider.System.GetUtcNow(), thread.Turns, null)),
        CancellationToken.None);
}

using System.Net;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Deletions of turns, with `If-Match` and without, that meet other changes of the thread or are interrupted.</summary>
public sealed class TurnDeletionTests : HeldThreadTests
{
    [Fact]
    public async Task Conditional_deletion_removes_nothing_when_another_request_has_added_a_turn()
    {
        await ChatTwiceAsync();
        var etag = await ETagAsync();
        var held = HeldCall.Hold(Threads, nameof(IThreadStore.WriteAsync));
        var deletion = DeleteTurnAsync("turn-0001", etag);
        await held.Asked.WaitAsync();
        using var added = await ImportAsync("C", "turn-0003", "turn-0002");
        Assert.Equal(HttpStatusCode.NoContent, added.StatusCode);

        held.Go.Set();

        using var refused = await deletion;
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Problem.OfAsync(refused)).Status);
        Assert.Equal(["A", "B", "C"], await TextsAsync());
        Assert.Equal(2, FilesWith(".log").Count());
        using var again = await DeleteTurnAsync("turn-0001");
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        Assert.Empty(await TextsAsync());
    }

    [Fact]
    public async Task Conditional_deletion_removes_nothing_when_another_request_has_changed_the_thread()
    {
        await ChatTwiceAsync();
        var etag = await ETagAsync();
        var held = HeldCall.Hold(Threads, nameof(IThreadStore.WriteAsync));
        var deletion = DeleteTurnAsync("turn-0002", etag);
        await held.Asked.WaitAsync();
        using var changed = await Server.SendAsync(HttpMethod.Patch, Thread, """{"title":"Renamed"}""", etag);

        held.Go.Set();

        using var refused = await deletion;
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.PreconditionFailed), (changed.StatusCode, refused.StatusCode));
        Assert.Equal(["A", "B"], await TextsAsync());
        Assert.Equal(2, FilesWith(".log").Count());
    }

    [Fact]
    public async Task One_of_two_conditional_deletions_of_a_turn_succeeds()
    {
        await ChatTwiceAsync();
        var etag = await ETagAsync();
        var held = HeldCall.Hold(Threads, nameof(IThreadStore.WriteAsync));
        var slow = DeleteTurnAsync("turn-0002", etag);
        await held.Asked.WaitAsync();
        using var fast = await DeleteTurnAsync("turn-0002", etag);

        held.Go.Set();

        using var refused = await slow;
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.PreconditionFailed), (fast.StatusCode, refused.StatusCode));
        Assert.Equal(["A"], await TextsAsync());
    }

    [Fact]
    public async Task Conditional_deletion_removes_any_number_of_turns()
    {
        using var created = await Server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""");
        for (var number = 1; number <= 40; number++)
        {
            using var added = await ImportAsync("A", $"turn-{number:0000}", number == 1 ? null : $"turn-{number - 1:0000}");
            Assert.Equal(HttpStatusCode.NoContent, added.StatusCode);
        }

        using var deleted = await DeleteTurnAsync("turn-0002", await ETagAsync());

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(["A"], await TextsAsync());
        Assert.Single(Contents());
    }

    [Fact]
    public async Task Interrupted_deletion_is_completed_by_the_same_request_again()
    {
        await ChatTwiceAsync();
        HeldCall.Fail(Turns, nameof(ITurnStore.OpenAsync), new IOException("The disk is away."));
        using var interrupted = await DeleteTurnAsync("turn-0001");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, interrupted.StatusCode);
        Assert.Empty(await TextsAsync());
        var etag = await ETagAsync();

        using var again = await DeleteTurnAsync("turn-0001");

        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        await AssertNothingIsLeftAsync(etag);
        using var gone = await DeleteTurnAsync("turn-0001");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Interrupted_deletion_is_completed_by_the_upkeep_once_its_request_has_ended_for_certain()
    {
        await ChatTwiceAsync();
        HeldCall.Fail(Turns, nameof(ITurnStore.OpenAsync), new IOException("The disk is away."));
        using var interrupted = await DeleteTurnAsync("turn-0001");
        var etag = await ETagAsync();
        await KeepUpAsync();
        Assert.Equal(2, FilesWith(".log").Count());
        await foreach (var thread in Server.Services.GetRequiredService<ThreadStorage>().ListExpiredAsync(DateTimeOffset.MinValue, CancellationToken.None))
        {
            var deletion = thread.Deletions!.Single();
            await Threads.WriteAsync(
                thread with { Deletions = [deletion with { StartedAt = deletion.StartedAt.AddMinutes(-10) }] },
                (await Threads.ReadAsync(thread.Key, CancellationToken.None))!.ETag,
                CancellationToken.None);
        }

        await KeepUpAsync();

        await AssertNothingIsLeftAsync(etag);
    }

    [Fact]
    public async Task Deletion_of_the_thread_removes_what_an_interrupted_deletion_of_turns_left()
    {
        await ChatTwiceAsync();
        using var shared = await Server.SendAsync(HttpMethod.Post, Thread + "/share", "{}");
        HeldCall.Fail(Turns, nameof(ITurnStore.OpenAsync), new IOException("The disk is away."));
        using var interrupted = await DeleteTurnAsync("turn-0001");
        Assert.NotEmpty(FilesWith("share_"));

        using var deleted = await Server.SendAsync(HttpMethod.Delete, Thread);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(FilesWith(".log"));
        Assert.Empty(FilesWith("share_"));
        Assert.Empty(Contents());
    }

    [Theory]
    [InlineData(Thread)]
    [InlineData(Thread + "/turns/turn-0001")]
    public async Task Deletion_removes_turns_that_are_damaged(string path)
    {
        await ChatTwiceAsync();
        await File.WriteAllTextAsync(FilesWith("turn-0001.log").Single(), "{}\n\n");
        await File.WriteAllTextAsync(FilesWith("turn-0002.log").Single(), "{");
        foreach (var file in Contents().ToList())
            await File.WriteAllTextAsync(file, "{");

        using var deleted = await Server.SendAsync(HttpMethod.Delete, path);

        Assert.True(deleted.StatusCode == HttpStatusCode.NoContent, await deleted.Content.ReadAsStringAsync());
        Assert.Empty(FilesWith(".log"));
        Assert.Empty(Contents());
    }

    [Fact]
    public async Task Turn_with_the_id_of_one_that_is_being_deleted_is_refused_until_it_is_removed()
    {
        await ChatTwiceAsync();
        var held = HeldCall.Hold(Turns, nameof(ITurnStore.OpenAsync));
        var deletion = DeleteTurnAsync("turn-0002");
        await held.Asked.WaitAsync();
        var refused = await Problem.OfPostAsync(Server.Ada, "api/chat", ThreadServer.Body("B", "turn-0002"));

        held.Go.Set();

        using var deleted = await deletion;
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.NoContent), (refused.Status, deleted.StatusCode));
        Server.Model.Says("Again.");
        Assert.Equal("complete", (await Server.ChatAsync("B", "turn-0002"))[^1].Name);
        Assert.Equal(["user: A", "assistant: 1", "user: B"], Server.LastConversation());
    }

    [Theory]
    [InlineData("*, \"a\"")]
    [InlineData("\"a\", *")]
    public async Task If_Match_with_an_asterisk_among_tags_is_refused(string ifMatch)
    {
        await ChatTwiceAsync();

        foreach (var (method, path, body) in new[] { (HttpMethod.Patch, Thread, """{"title":"A"}"""), (HttpMethod.Delete, $"{Thread}/turns/turn-0001", null), (HttpMethod.Delete, Thread, null) })
        {
            using var refused = await Server.SendAsync(method, path, body, ifMatch);
            Assert.Equal(HttpStatusCode.BadRequest, (await Problem.OfAsync(refused)).Status);
        }

        Assert.Equal(["A", "B"], await TextsAsync());
    }

    private async Task ChatTwiceAsync()
    {
        Server.Model.Says("1").Says("2");
        await Server.ChatAsync("A", "turn-0001");
        await Server.ChatAsync("B", "turn-0002");
    }

    private Task KeepUpAsync() => ActivatorUtilities.CreateInstance<ThreadUpkeep>(Server.Services).RemoveExpiredAsync(CancellationToken.None);

    private async Task<IEnumerable<string?>> TextsAsync() => (await Server.GetAsync($"{Thread}/turns")).GetProperty("turns").EnumerateArray()
        .Select(turn => turn.GetProperty("messages")[0].GetProperty("content").GetString());

    private async Task AssertNothingIsLeftAsync(string? etag)
    {
        Assert.Empty(FilesWith(".log"));
        Assert.Empty(Contents());
        Assert.Equal(etag, await ETagAsync());
        await foreach (var thread in Server.Services.GetRequiredService<ThreadStorage>().ListExpiredAsync(DateTimeOffset.MaxValue, CancellationToken.None))
            Assert.False(thread.HasRemains);
    }
}

using System.Net;
using FuncChat.Engine.Store;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Two requests that delete the same turn at the same moment: both have what they asked for.</summary>
public sealed class SimultaneousDeletionTests : HeldThreadTests
{
    [Theory]
    [InlineData(Thread)]
    [InlineData(Thread + "/turns/turn-0001")]
    public async Task Deletion_succeeds_when_another_request_removes_the_log_at_the_same_moment(string path)
    {
        Server.Model.Says("1");
        await Server.ChatAsync("A", "turn-0001");
        var held = HeldCall.Hold(Retention, nameof(ITurnRetention.RemoveAsync), new DirectoryNotFoundException("The folder was removed."));
        var slow = Server.SendAsync(HttpMethod.Delete, path);
        await held.Asked.WaitAsync();
        using var fast = await Server.SendAsync(HttpMethod.Delete, path);

        held.Go.Set();

        using var deleted = await slow;
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (fast.StatusCode, deleted.StatusCode));
        Assert.Empty(FilesWith(".log"));
    }

    [Fact]
    public async Task Deletion_succeeds_when_another_instance_removes_the_turn_that_it_stops()
    {
        Server.Model.Says("1");
        await Server.ChatAsync("A", "turn-0001");
        await CutOffEndAsync("turn-0001");
        var held = HeldCall.Hold(Leases, nameof(ITurnLeases.TryAcquireAsync), new DirectoryNotFoundException("The folder was removed."));
        var slow = DeleteTurnAsync("turn-0001");
        await held.Asked.WaitAsync();
        Assert.True(await Retention.RemoveAsync(new TurnKey("key ada", "turn-0001"), CancellationToken.None));

        held.Go.Set();

        using var deleted = await slow;
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(FilesWith(".log"));
    }

    [Fact]
    public async Task Deletion_fails_when_the_store_does_and_the_turn_is_still_there()
    {
        Server.Model.Says("1");
        await Server.ChatAsync("A", "turn-0001");
        HeldCall.Fail(Retention, nameof(ITurnRetention.RemoveAsync), new IOException("The disk is away."));

        using var failed = await DeleteTurnAsync("turn-0001");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
        Assert.Single(FilesWith(".log"));
    }
}

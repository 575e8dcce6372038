using System.Net;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>A thread that is no longer shared when its link is stored.</summary>
public sealed class SharedThreadRaceTests : HeldThreadTests
{
    private const string Share = Thread + "/share";

    [Fact]
    public async Task Link_works_once_its_owner_has_read_the_thread_if_it_could_not_be_stored()
    {
        Server.Model.Says("Hello.");
        await Server.ChatAsync("First", "turn-0001");
        HeldCall.Fail(Threads, nameof(IThreadStore.WriteShareAsync), new IOException("The server was killed."));
        using var shared = await Server.SendAsync(HttpMethod.Post, Share, "{}");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, shared.StatusCode);

        var id = (await Server.GetAsync(Thread)).GetProperty("share").GetProperty("id").GetString();

        using var seen = await Server.Bob.GetAsync($"api/shared/{id}");
        Assert.Equal(HttpStatusCode.OK, seen.StatusCode);
    }

    [Theory]
    [InlineData(nameof(IThreadStore.ReadShareAsync))]
    [InlineData(nameof(IThreadStore.WriteShareAsync))]
    public async Task Shared_thread_is_read_and_exported_when_its_link_can_not_be_checked_or_repaired(string method)
    {
        Server.Model.Says("Hello.");
        await Server.ChatAsync("First", "turn-0001");
        using var shared = await Server.SendAsync(HttpMethod.Post, Share, "{}");
        File.Delete(Assert.Single(FilesWith("share_")));
        HeldCall.Fail(Threads, method, new IOException("The disk is away."));

        Assert.Equal("turn-0001", (await Server.GetAsync($"{Thread}/export")).GetProperty("turns")[0].GetProperty("turn_id").GetString());
        Assert.Empty(FilesWith("share_"));
        Assert.Equal("thread-0001", (await Server.GetAsync(Thread)).GetProperty("id").GetString());
        Assert.Empty(FilesWith("share_"));
    }

    [Theory]
    [InlineData(Share, HttpStatusCode.Created)]
    [InlineData(Thread, HttpStatusCode.NotFound)]
    public async Task Link_is_removed_when_the_thread_is_no_longer_shared_once_it_is_stored(string deleted, HttpStatusCode status)
    {
        Server.Model.Says("Hello.");
        await Server.ChatAsync("First", "turn-0001");
        var held = HeldCall.Hold(Threads, nameof(IThreadStore.WriteShareAsync));
        var sharing = Server.SendAsync(HttpMethod.Post, Share, "{}");
        await held.Asked.WaitAsync();
        using var stopped = await Server.SendAsync(HttpMethod.Delete, deleted);

        held.Go.Set();

        using var shared = await sharing;
        Assert.Equal((HttpStatusCode.NoContent, status), (stopped.StatusCode, shared.StatusCode));
        Assert.Empty(FilesWith("share_"));
    }

    [Fact]
    public async Task Link_shows_the_rest_when_a_turn_is_deleted_at_the_same_time()
    {
        Server.Model.Says("Hello.").Says("Bye.");
        await Server.ChatAsync("First", "turn-0001");
        await Server.ChatAsync("Second", "turn-0002");
        var held = HeldCall.Hold(Threads, nameof(IThreadStore.WriteAsync));
        var sharing = Server.SendAsync(HttpMethod.Post, Share, "{}");
        await held.Asked.WaitAsync();
        using var deleted = await DeleteTurnAsync("turn-0002");

        held.Go.Set();

        using var shared = await sharing;
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.Created), (deleted.StatusCode, shared.StatusCode));
        Assert.Contains("\"turn_id\":\"turn-0001\"", await shared.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}

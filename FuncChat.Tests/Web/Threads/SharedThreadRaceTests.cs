using System.Net;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Threads;

/// <summary>A thread that is no longer shared when its link is stored.</summary>
public sealed class SharedThreadRaceTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private IThreadStore _threads = null!;
    private ThreadServer _server = null!;

    public async Task InitializeAsync()
    {
        _threads = HeldCall.Around<IThreadStore>(new FileThreadStore(_folder.Path));
        _server = await ThreadServer.StartAsync(builder => builder.Services.AddSingleton(_threads), _folder.Path);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("api/threads/thread-0001/share")]
    [InlineData("api/threads/thread-0001")]
    public async Task Link_is_removed_when_the_thread_is_no_longer_shared_once_it_is_stored(string deleted)
    {
        _server.Model.Says("Hello.");
        await _server.ChatAsync("First", "turn-0001");
        var held = HeldCall.Hold(_threads, nameof(IThreadStore.WriteShareAsync));
        var sharing = _server.SendAsync(HttpMethod.Post, "api/threads/thread-0001/share", "{}");
        await held.Asked.WaitAsync();
        using var stopped = await _server.SendAsync(HttpMethod.Delete, deleted);

        held.Go.Set();

        using var shared = await sharing;
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.ServiceUnavailable), (stopped.StatusCode, shared.StatusCode));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "share_*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Link_shows_the_rest_when_a_turn_is_deleted_at_the_same_time()
    {
        _server.Model.Says("Hello.").Says("Bye.");
        await _server.ChatAsync("First", "turn-0001");
        await _server.ChatAsync("Second", "turn-0002");
        var held = HeldCall.Hold(_threads, nameof(IThreadStore.WriteAsync));
        var sharing = _server.SendAsync(HttpMethod.Post, "api/threads/thread-0001/share", "{}");
        await held.Asked.WaitAsync();
        using var deleted = await _server.SendAsync(HttpMethod.Delete, "api/threads/thread-0001/turns/turn-0002");

        held.Go.Set();

        using var shared = await sharing;
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.Created), (deleted.StatusCode, shared.StatusCode));
        Assert.Contains("\"turn_id\":\"turn-0001\"", await shared.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}

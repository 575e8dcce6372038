using System.Net;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Turns that are added to a thread while a deletion removes the turns before them.</summary>
public sealed class DeletedTurnRaceTests : IAsyncLifetime
{
    private const string Thread = "api/threads/thread-0001";

    private const string Imported =
        """{"messages":[{"role":"user","content":"B"}],"parent_turn_id":"PARENT","events":[{"id":1,"type":"complete","data":{"status":"success","messages":[{"role":"assistant","content":"ok"}],"iterations":1,"usage":{"input_tokens":1,"output_tokens":1}}}]}""";

    private readonly TemporaryFolder _folder = new();
    private ITurnStore _turns = null!;
    private IThreadStore _threads = null!;
    private ThreadServer _server = null!;

    public async Task InitializeAsync()
    {
        _turns = HeldCall.Around<ITurnStore>(new FileTurnStore(_folder.Path));
        _threads = HeldCall.Around<IThreadStore>(new FileThreadStore(_folder.Path));
        _server = await ThreadServer.StartAsync(builder => builder.Services.AddSingleton(_turns).AddSingleton(_threads), _folder.Path);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Turn_that_continues_a_turn_while_it_is_deleted_is_stopped_and_deleted_too()
    {
        var feed = new ModelFeed();
        _server.Model.Says("1").Plays(feed);
        await _server.ChatAsync("A", "turn-0001");
        var held = HeldCall.Hold(_threads, nameof(IThreadStore.WriteAsync));
        var deleting = _server.SendAsync(HttpMethod.Delete, $"{Thread}/turns/turn-0001");
        await held.Asked.WaitAsync();
        await using var child = await _server.StartChatAsync("B", "turn-0002");
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
        _server.Model.Says("1");
        await _server.ChatAsync("A", "turn-0001");
        var held = HeldCall.Hold(_threads, nameof(IThreadStore.WriteAsync));
        var deleting = _server.SendAsync(HttpMethod.Delete, $"{Thread}/turns/turn-0001");
        await held.Asked.WaitAsync();
        using var imported = await ImportAsync("turn-0002", "turn-0001");
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
        _server.Model.Plays(feed);
        var creating = HeldCall.Hold(_turns, nameof(ITurnStore.BeginAsync));
        var starting = _server.StartChatAsync("A", "turn-0001");
        await creating.Asked.WaitAsync();

        // The deletion looks for the turn until it is stored.
        var looking = HeldCall.Hold(_turns, nameof(ITurnStore.OpenAsync));
        var deleting = _server.SendAsync(HttpMethod.Delete, path);
        for (var i = 0; i < 2; i++)
        {
            await looking.Asked.WaitAsync();
            var again = HeldCall.Hold(_turns, nameof(ITurnStore.OpenAsync));
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

    [Fact]
    public async Task Import_after_a_turn_that_runs_is_refused()
    {
        var feed = new ModelFeed();
        _server.Model.Plays(feed);
        await using var running = await _server.StartChatAsync("A", "turn-0001");
        await feed.Called.WaitAsync();

        using var refused = await ImportAsync("turn-0002", "turn-0001");

        var problem = await Problem.OfAsync(refused);
        Assert.Equal((HttpStatusCode.Conflict, "$.parent_turn_id"), (problem.Status, problem.Path));
        feed.End();
        await running.ToEndAsync();
    }

    [Fact]
    public async Task Turn_whose_parent_an_earlier_version_deleted_is_followed_by_the_same_request()
    {
        _server.Model.Says("1").Says("2");
        await _server.ChatAsync("A", "turn-0001");
        var first = await _server.ChatAsync("B", "turn-0002");
        var store = _server.Services.GetRequiredService<ThreadStorage>();
        await foreach (var thread in store.ListExpiredAsync(DateTimeOffset.MaxValue, CancellationToken.None))
            await store.ChangeAsync(thread.Key, known => known with { Turns = [known.Turns[1]] }, CancellationToken.None);

        var again = await _server.ChatAsync("B", "turn-0002");

        Assert.Equal(SseEvent.Join(first), SseEvent.Join(again));
    }

    private Task<HttpResponseMessage> ImportAsync(string turnId, string parentId) =>
        _server.SendAsync(HttpMethod.Put, $"{Thread}/turns/{turnId}", Imported.Replace("PARENT", parentId, StringComparison.Ordinal));

    private async Task AssertNoTurnAsync()
    {
        using var thread = await _server.Ada.GetAsync(Thread);
        if (thread.StatusCode != HttpStatusCode.NotFound)
            Assert.Empty((await _server.GetAsync(Thread)).GetProperty("turns").EnumerateArray());
        Assert.DoesNotContain(
            Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories),
            file => file.EndsWith(".log", StringComparison.Ordinal) || file.Contains("content_", StringComparison.Ordinal));
    }
}

using System.Net;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Threads;

/// <summary>A turn that is added to a thread while the turn that it follows is being deleted.</summary>
public sealed class TurnDeletionRaceTests : IAsyncLifetime
{
    private const string Thread = "api/threads/thread-0001";

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

    [Fact]
    public async Task Turn_stays_with_those_that_it_follows_when_the_deletion_is_conditional()
    {
        _server.Model.Says("1").Says("2");
        await _server.ChatAsync("A", "turn-0001");
        await _server.ChatAsync("B", "turn-0002");
        var etag = (await _server.GetAsync(Thread)).GetProperty("etag").GetString();
        var held = HeldCall.Hold(_threads, nameof(IThreadStore.WriteAsync));
        var deletion = _server.SendAsync(HttpMethod.Delete, $"{Thread}/turns/turn-0001", ifMatch: etag);
        await held.Asked.WaitAsync();
        using var added = await _server.SendAsync(
            HttpMethod.Put, $"{Thread}/turns/turn-0003",
            """{"parent_turn_id":"turn-0002","messages":[{"role":"user","content":"C"}],"events":[{"id":1,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""");
        Assert.Equal(HttpStatusCode.NoContent, added.StatusCode);

        held.Go.Set();

        using var refused = await deletion;
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Problem.OfAsync(refused)).Status);
        var turns = (await _server.GetAsync($"{Thread}/turns")).GetProperty("turns").EnumerateArray();
        Assert.Equal(["A", "B", "C"], turns.Select(turn => turn.GetProperty("messages")[0].GetProperty("content").GetString()));
        using var again = await _server.SendAsync(HttpMethod.Delete, $"{Thread}/turns/turn-0001");
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        Assert.Empty((await _server.GetAsync(Thread)).GetProperty("turns").EnumerateArray());
    }
}

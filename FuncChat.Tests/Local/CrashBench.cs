using FuncChat.Tests.Support;

namespace FuncChat.Tests.Local;

/// <summary>The real process, ended with SIGKILL and started again over the same data folder.</summary>
public abstract class CrashBench : IAsyncLifetime
{
    private protected const string TurnId = "turn-crash";

    private protected const string Body =
        $$"""{"messages":[{"role":"user","content":"Research rust."}],"model":"openai:scripted","tools":["research","search_web"],"turn_id":"{{TurnId}}"}""";

    private readonly TemporaryFolder _folder = new();
    private readonly List<SseEvent> _seen = [];

    private protected CrashUpstream Upstream { get; private set; } = null!;

    /// <summary>The events of all lives.</summary>
    private protected IReadOnlyList<SseEvent> Seen => _seen;

    /// <summary>Starts the process.</summary>
    private protected Task<LocalProcess> StartAsync() => LocalProcess.StartAsync(_folder.Path, Upstream.Environment);

    public async Task InitializeAsync() => Upstream = await CrashUpstream.StartAsync();

    public async Task DisposeAsync()
    {
        await Upstream.DisposeAsync();
        _folder.Dispose();
    }

    private protected static Predicate<SseEvent> IsResultOf(string call) => e => e.Name == "tool_call_result" && e.Text("id") == call;

    /// <summary>One life of the process: continues the turn until the condition, or to the end of the turn.</summary>
    /// <param name="stalled">The model call that is running when the process is killed.</param>
    private protected async Task LiveAsync(Func<SseEvent, bool> until, string? stalled = null)
    {
        await using var process = await StartAsync();
        await using var stream = _seen.Count == 0
            ? await TurnStream.PostAsync(process.Http, Body)
            : await TurnStream.FollowAsync(process.Http, TurnId, _seen[^1].Id);
        await ReadAsync(stream, until);
        if (stalled is not null)
            await Upstream.StalledAsync(stalled);
        await process.KillAsync();
    }

    private protected async Task ReadAsync(TurnStream stream, Func<SseEvent, bool> until)
    {
        while (await stream.NextAsync() is { } next)
        {
            Assert.Equal(_seen.Count + 1, next.Id);
            _seen.Add(next);
            if (until(next))
                return;
        }

        Assert.True(_seen.Count > 0 && _seen[^1].Name == "complete", $"The stream ended with {_seen.LastOrDefault()?.Raw}");
    }

    // What was seen over all lives is what the log says.
    private protected async Task<IReadOnlyList<SseEvent>> WholeAsync(LocalProcess? process = null)
    {
        await using var own = process is null ? await StartAsync() : null;
        await using var stream = await TurnStream.FollowAsync((process ?? own)!.Http, TurnId, 0);
        var whole = await stream.ToEndAsync();
        Assert.Equal(SseEvent.Join(whole), SseEvent.Join(_seen));
        Assert.Single(whole, e => e.Name is "complete" or "error");
        return whole;
    }
}

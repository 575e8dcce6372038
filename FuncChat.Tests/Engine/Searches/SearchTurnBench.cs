using FuncChat.Engine.Store;
using FuncChat.Engine.Searches;
using FuncChat.Engine.Turns;
using FuncChat.Engine.Usage;
using FuncChat.Tests.Support;
using FuncChat.Tests.Tools.Fetch;
using FuncChat.Tools;
using FuncChat.Tools.Search;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Engine.Searches;

/// <summary>Searches over a gated provider, which find pages on a web of one server, and are kept in memory.</summary>
internal sealed class SearchTurnBench : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly TurnService _turns;

    private SearchTurnBench(TestWeb web, ITurnStore log, int? toolRunsPerDay)
    {
        Web = web;
        _services = TestEngine.Create(services => services
            .AddSingleton<TimeProvider>(web.Clock).AddStore(log).AddSingleton(new ToolCatalog([])).AddSingleton(web.Reader)
            .AddSingleton(new WebSearch([Search], web.Clock, NullLogger<WebSearch>.Instance))
            .Configure<QuotaOptions>(limits => limits.ToolRunsPerDay = toolRunsPerDay ?? limits.ToolRunsPerDay));
        _turns = _services.GetRequiredService<TurnService>();
    }

    public TestWeb Web { get; }

    public IUsageCounter Usage => _services.GetRequiredService<IUsageCounter>();

    public GatedSearch Search { get; } = new();

    public static async Task<SearchTurnBench> StartAsync(MemoryTurnStore? log = null, int? toolRunsPerDay = null) =>
        new(await TestWeb.StartAsync(), log ?? new MemoryTurnStore(new SharedMemory()), toolRunsPerDay);

    public static SearchTurnRequest Request(params string[] queries) =>
        new() { Queries = queries, MaxResults = 5, IncludeContent = true, Timeout = 15, Fingerprint = "f" };

    public Task<TurnReader> StartAsync(SearchTurnRequest request) =>
        ReaderAsync(token => _turns.StartAsync(TurnBench.User, "turn-0001", request, token));

    public Task<TurnReader> FollowAsync() => ReaderAsync(token => _turns.FollowAsync(TurnBench.Key("turn-0001"), 0, token));

    public Task StopAsync() => _turns.StopAsync(TurnBench.Key("turn-0001"), CancellationToken.None);

    /// <summary>Lets all turns go, as a server that stops.</summary>
    public Task LeaveAsync() => _services.GetRequiredService<TurnRuntime>().DrainAsync();

    public async Task<IReadOnlyList<SseEvent>> RunAsync(params string[] queries)
    {
        await using var reader = await StartAsync(Request(queries));
        return await reader.EventsToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Web.DisposeAsync();
    }

    private static async Task<TurnReader> ReaderAsync(Func<CancellationToken, Task<FuncChat.Engine.Result<FollowedTurn>>> follow)
    {
        var leaving = new CancellationTokenSource();
        var followed = await Task.Run(() => follow(leaving.Token));
        Assert.True(followed.Succeeded, followed.Error?.Message);
        return new TurnReader(followed.Value.Follower!, leaving);
    }
}

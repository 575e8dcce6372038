using FuncChat.Engine.Models;
using FuncChat.Engine.Plans;
using FuncChat.Engine.Searches;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Engine.Searches;
using FuncChat.Tests.Support;
using FuncChat.Tests.Tools.Fetch;
using FuncChat.Tools;
using FuncChat.Tools.Search;
using FuncChat.Web.Formats;
using FuncChat.Web.Formats.Native;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Golden;

/// <summary>The streams of searches and plans; see <see cref="GoldenFile"/>.</summary>
public sealed class SearchAndPlanGoldenTests : IAsyncLifetime
{
    private readonly GatedSearch _search = new();
    private readonly FakeModel _model = new("demo", "scripted");
    private TestWeb _web = null!;
    private ServiceProvider _services = null!;
    private TurnService _turns = null!;

    public async Task InitializeAsync()
    {
        _web = await TestWeb.StartAsync();
        _web.Clock.SetUtcNow(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _web.Server.On("/tides", "The sea rises: 世界 🌊.\nAnd \"falls\".", "text/plain; charset=utf-8");
        var search = new WebSearch([_search], _web.Clock, NullLogger<WebSearch>.Instance);
        _services = TestEngine.Create(services => services
            .AddSingleton<TimeProvider>(_web.Clock).AddStore(new MemoryTurnStore(new SharedMemory())).AddSingleton(new ToolCatalog([]))
            .AddSingleton(_web.Reader).AddSingleton(search).AddSingleton(_model.Catalog)
            .Configure<TurnOptions>(options => options.Heartbeat = TimeSpan.FromMilliseconds(700)));
        _turns = _services.GetRequiredService<TurnService>();
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await _web.DisposeAsync();
    }

    [Fact]
    public async Task Search()
    {
        _search.Finds("how tides work", "http://site.test/tides", "http://site.test/moon?utm_source=x");
        _search.Finds("moon 月", "http://site.test/moon");
        var first = _search.Hold("how tides work");
        var second = _search.Hold("moon 月");
        var third = _search.Hold("no such thing");
        var response = await StartAsync("golden-search", new SearchTurnRequest
        {
            Queries = ["how tides work", "moon 月", "no such thing"],
            MaxResults = 5,
            IncludeContent = true,
            Timeout = 15,
            Fingerprint = "f",
        });
        await response.SaysAsync("search_start");
        first.Set();
        await response.SaysAsync("search_result", "how tides work");
        third.Set();
        await response.SaysAsync("search_error");
        _web.Clock.Advance(TimeSpan.FromMilliseconds(700));
        await response.EndsAsync(": keep-alive\n\n");
        second.Set();

        await GoldenFile.MatchAsync("search", await response.ToEndAsync());
    }

    [Fact]
    public async Task Search_that_failed()
    {
        var response = await StartAsync(
            "golden-search-failed",
            new SearchTurnRequest { Queries = ["no such thing"], MaxResults = 5, IncludeContent = false, Timeout = 15, Fingerprint = "f" });

        await GoldenFile.MatchAsync("search-failed", await response.ToEndAsync());
    }

    [Fact]
    public async Task Plan()
    {
        const string Before = "{\"reasoning\":\"Look at the moon 🌙 ";
        const string After = """first.","text":"1. Search\n2. *Answer*","search_keywords":[["tides","moon"],["Gezeiten"]],"questions":["Where?"],"persona":"an \"oceanographer\"","complexity":"simple"}""";
        var feed = new ModelFeed();
        _model.Plays(feed);
        var response = await StartAsync("golden-plan", Request);
        await response.SaysAsync("llm_request");
        Pass(150);
        await SayAsync(response, feed, FakeModel.Reasoning("Hm. "), "Hm. ");
        await SayAsync(response, feed, FakeModel.Text(Before), "Look at the moon");
        Pass(700);
        await response.EndsAsync(": keep-alive\n\n");
        await SayAsync(response, feed, FakeModel.Text(After), "first.");
        Pass(50);
        feed.End(input: 210, output: 64);

        await GoldenFile.MatchAsync("plan", await response.ToEndAsync());
    }

    [Fact]
    public async Task Plan_that_failed()
    {
        _model.Says("I can't.").Says("I still can't.");

        await GoldenFile.MatchAsync("plan-failed", await (await StartAsync("golden-plan-failed", Request)).ToEndAsync());
    }

    private static PlanTurnRequest Request => new() { Query = "How do tides work?", Model = "demo:scripted", Fingerprint = "f" };

    private static async Task SayAsync(RecordedResponse response, ModelFeed feed, ModelChunk chunk, string text)
    {
        feed.Give(chunk);
        await response.SaysAsync("reasoning", text);
    }

    private void Pass(int milliseconds) => _web.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private async Task<RecordedResponse> StartAsync(string turnId, TurnRequest request)
    {
        var turn = await Task.Run(() => _turns.StartAsync(TurnBench.User, turnId, request, CancellationToken.None));
        Assert.True(turn.Succeeded, turn.Error?.Message);
        return new RecordedResponse(new TurnResult(new NativeFormat(), turn.Value, turn.Value.Follower!));
    }
}

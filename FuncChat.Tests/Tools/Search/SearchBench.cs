using FuncChat.Tests.Tools.Fetch;
using FuncChat.Tools;
using FuncChat.Tools.Search;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Tools.Search;

/// <summary>All providers, each at a name of its own on one scripted server, and the pages they find on the same.</summary>
internal sealed class SearchBench : IAsyncDisposable
{
    private SearchBench(TestWeb web)
    {
        Web = web;
        var http = new SearchHttp(web.Http, web.Clock);
        Brave = new BraveSearch(http, "http://brave.test/brave", "brave-key");
        Tavily = new TavilySearch(http, "http://tavily.test/tavily", "tavily-key");
        Searxng = new SearxngSearch(http, "http://searxng.test/sub/");
        DuckDuckGo = new DuckDuckGoSearch(http, "http://duck.test/html/");
    }

    public TestWeb Web { get; }

    public ISearchProvider Brave { get; }

    public ISearchProvider Tavily { get; }

    public ISearchProvider Searxng { get; }

    public ISearchProvider DuckDuckGo { get; }

    public static async Task<SearchBench> StartAsync() => new(await TestWeb.StartAsync());

    public WebSearch Search(params ISearchProvider[] providers) => new(providers, Web.Clock, NullLogger<WebSearch>.Instance);

    public Task<IReadOnlyList<SearchResult>> FindAsync(ISearchProvider provider, string query = "kites", int limit = 3) =>
        Search(provider).SearchAsync(query, limit, TimeSpan.FromSeconds(10), CancellationToken.None);

    public async Task<string> FailAsync(ISearchProvider provider) =>
        (await Assert.ThrowsAsync<ToolException>(() => FindAsync(provider))).Message;

    public ValueTask DisposeAsync() => Web.DisposeAsync();
}

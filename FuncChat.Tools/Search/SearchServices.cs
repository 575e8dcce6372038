using FuncChat.Tools.Configuration;
using FuncChat.Tools.Fetch;
using FuncChat.Tools.Scrape;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools.Search;

internal static class SearchServices
{
    /// <summary>Adds <see cref="WebSearch"/> with the providers that are set up, and the tool that offers it to the model.</summary>
    public static IServiceCollection AddWebSearch(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<SearchOptions>(configuration, SearchOptions.Section);
        services.AddKeyedSingleton(GuardedHttp.Search, (provider, _) => CreateHttp(provider));
        services.AddSingleton(provider => new WebSearch(
            CreateProviders(
                new SearchHttp(provider.GetRequiredKeyedService<GuardedHttp>(GuardedHttp.Search), provider.GetRequiredService<TimeProvider>()),
                provider.GetRequiredService<IOptions<SearchOptions>>().Value),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<WebSearch>>()));
        services.AddSingleton(provider => new SearchWebTool(
            provider.GetRequiredService<WebSearch>(),
            provider.GetRequiredService<PageReader>(),
            provider.GetRequiredService<TimeProvider>()).AsTool());
        return services;
    }

    // The order is the order of preference.
    private static IEnumerable<ISearchProvider> CreateProviders(SearchHttp http, SearchOptions options)
    {
        if (options.BraveApiKey is { } braveKey)
            yield return new BraveSearch(http, options.BraveUrl, braveKey);
        if (options.TavilyApiKey is { } tavilyKey)
            yield return new TavilySearch(http, options.TavilyUrl, tavilyKey);
        if (options.SearxngUrl is { } searxngUrl)
            yield return new SearxngSearch(http, searxngUrl);
        yield return new DuckDuckGoSearch(http, options.DuckDuckGoUrl);
    }

    // The operator chose SEARXNG_URL, so it may be on a private network; a page that a model wants read there still may not.
    private static GuardedHttp CreateHttp(IServiceProvider provider)
    {
        var allowed = provider.GetRequiredService<IOptions<FetchOptions>>().Value.ParseAllowedPrivateHosts().ToHashSet();
        if (provider.GetRequiredService<IOptions<SearchOptions>>().Value.SearxngUrl is { } searxngUrl)
            allowed.Add(HostAndPort.Of(new Uri(searxngUrl)));
        return new GuardedHttp(new GuardedConnector(provider.GetRequiredService<INetwork>(), allowed));
    }
}

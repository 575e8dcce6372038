using FuncChat.Tools.Configuration;

namespace FuncChat.Tools.Search;

/// <summary>
/// The search providers: those with a key or an address, called in this order, then DuckDuckGo, which needs neither.
/// </summary>
internal sealed record SearchOptions
{
    public const string Section = "FuncChat:Search";

    private const string DefaultBraveUrl = "https://api.search.brave.com/res/v1/web/search";
    private const string DefaultTavilyUrl = "https://api.tavily.com/search";
    private const string DefaultDuckDuckGoUrl = "https://html.duckduckgo.com/html/";

    /// <summary>The setting `BRAVE_API_KEY`.</summary>
    [SettingName("BRAVE_API_KEY")]
    [KeyText]
    public string? BraveApiKey { get; set; }

    /// <summary>The setting `TAVILY_API_KEY`.</summary>
    [SettingName("TAVILY_API_KEY")]
    [KeyText]
    public string? TavilyApiKey { get; set; }

    /// <summary>
    /// The setting `SEARXNG_URL`: the base address of an instance, such as http://localhost:8888. May be on a private network.
    /// </summary>
    [SettingName("SEARXNG_URL")]
    [HttpUrl]
    [Example("http://localhost:8888")]
    public string? SearxngUrl { get; set; }

    /// <summary>The setting `FuncChat__Search__BraveUrl`.</summary>
    [HttpUrl]
    public string BraveUrl { get; set; } = DefaultBraveUrl;

    /// <summary>The setting `FuncChat__Search__TavilyUrl`.</summary>
    [HttpUrl]
    public string TavilyUrl { get; set; } = DefaultTavilyUrl;

    /// <summary>The setting `FuncChat__Search__DuckDuckGoUrl`.</summary>
    [HttpUrl]
    public string DuckDuckGoUrl { get; set; } = DefaultDuckDuckGoUrl;
}

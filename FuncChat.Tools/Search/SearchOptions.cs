using System.ComponentModel.DataAnnotations;
using FuncChat.Tools.Fetch;

namespace FuncChat.Tools.Search;

/// <summary>
/// Which search providers there are: those with a key or an address, asked in this order, and last DuckDuckGo, which needs none.
/// </summary>
internal sealed record SearchOptions : IValidatableObject
{
    public const string Section = "FuncChat:Search";

    private const string DefaultBraveUrl = "https://api.search.brave.com/res/v1/web/search";
    private const string DefaultTavilyUrl = "https://api.tavily.com/search";
    private const string DefaultDuckDuckGoUrl = "https://html.duckduckgo.com/html/";

    /// <summary>The setting `BRAVE_API_KEY`.</summary>
    public string? BraveApiKey { get; set; }

    /// <summary>The setting `TAVILY_API_KEY`.</summary>
    public string? TavilyApiKey { get; set; }

    /// <summary>
    /// The setting `SEARXNG_URL`: the base address of an instance, such as http://localhost:8888. May be on a private network.
    /// </summary>
    public string? SearxngUrl { get; set; }

    /// <summary>The setting `FuncChat__Search__BraveUrl`.</summary>
    public string BraveUrl { get; set; } = DefaultBraveUrl;

    /// <summary>The setting `FuncChat__Search__TavilyUrl`.</summary>
    public string TavilyUrl { get; set; } = DefaultTavilyUrl;

    /// <summary>The setting `FuncChat__Search__DuckDuckGoUrl`.</summary>
    public string DuckDuckGoUrl { get; set; } = DefaultDuckDuckGoUrl;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsKey(BraveApiKey))
            yield return new ValidationResult(BadKey("BRAVE_API_KEY"), [nameof(BraveApiKey)]);
        if (!IsKey(TavilyApiKey))
            yield return new ValidationResult(BadKey("TAVILY_API_KEY"), [nameof(TavilyApiKey)]);
        if (SearxngUrl is not null && !IsUrl(SearxngUrl))
            yield return new ValidationResult(BadUrl("SEARXNG_URL", "http://localhost:8888"), [nameof(SearxngUrl)]);
        if (!IsUrl(BraveUrl))
            yield return new ValidationResult(BadUrl("FuncChat__Search__BraveUrl", DefaultBraveUrl), [nameof(BraveUrl)]);
        if (!IsUrl(TavilyUrl))
            yield return new ValidationResult(BadUrl("FuncChat__Search__TavilyUrl", DefaultTavilyUrl), [nameof(TavilyUrl)]);
        if (!IsUrl(DuckDuckGoUrl))
            yield return new ValidationResult(BadUrl("FuncChat__Search__DuckDuckGoUrl", DefaultDuckDuckGoUrl), [nameof(DuckDuckGoUrl)]);
    }

    private static bool IsKey(string? key) => key is null || key.All(c => c is > ' ' and < '\u007F');

    private static bool IsUrl(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && WebUrl.IsHttp(uri) && uri.UserInfo.Length == 0;

    private static string BadKey(string setting) =>
        $"{setting} holds a character that no key has, such as a space or a line break: copy the key again, or unset {setting}.";

    // The value is not repeated: an address may have a key in it.
    private static string BadUrl(string setting, string example) => $"{setting} must be a whole http or https address, such as {example}.";
}

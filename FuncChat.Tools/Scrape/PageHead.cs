using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using FuncChat.Tools.Fetch;

namespace FuncChat.Tools.Scrape;

/// <summary>What a page states about itself: its description, its structured data, and where it sends its reader.</summary>
internal static partial class PageHead
{
    private const int MaxStructuredData = 5000;
    private const int MaxFrames = 5;
    private const int MaxFrameAddress = 500;

    /// <summary>The description and structured data, for a page whose text only its scripts write; empty where it has none.</summary>
    public static string Describe(IHtmlDocument document)
    {
        var text = new StringBuilder();
        if ((Meta(document, "meta[name=description i]") ?? Meta(document, "meta[property='og:description']")) is { } description)
            text.Append(description);
        foreach (var script in document.QuerySelectorAll("script[type='application/ld+json']"))
        {
            var data = script.TextContent.Trim();
            if (data.Length == 0 || text.Length + data.Length > MaxStructuredData)
                break;
            text.Append(text.Length > 0 ? "\n\n" : "").Append(data);
        }

        return text.ToString();
    }

    /// <summary>The address and the delay in seconds of a `meta` refresh to another page.</summary>
    public static (Uri Url, double Seconds)? RefreshOf(IHtmlDocument document, Uri baseUrl) =>
        document.QuerySelectorAll("meta[http-equiv=refresh i]")
            .Where(meta => meta.Closest("noscript") is null)
            .Select(meta => Refresh().Match(meta.GetAttribute("content") ?? ""))
            .FirstOrDefault(match => match.Success) is { } refresh
        && refresh.Groups["url"].Length <= WebUrl.MaxLength && Uri.TryCreate(baseUrl, refresh.Groups["url"].Value.Trim(), out var url) && WebUrl.IsHttp(url)
        && url.AbsoluteUri.Length <= WebUrl.MaxLength && url.GetLeftPart(UriPartial.Query) != baseUrl.GetLeftPart(UriPartial.Query)
            ? (url, double.TryParse(refresh.Groups["seconds"].ValueSpan, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0)
            : null;

    /// <summary>Names the pages of a frameset, which has no text of its own. Null for other pages.</summary>
    public static string? DescribeFrames(IHtmlDocument document, Uri baseUrl)
    {
        if (document.Body?.LocalName is not "frameset")
            return null;
        var addresses = document.QuerySelectorAll("frame[src]").Take(MaxFrames)
            .Select(frame => Uri.TryCreate(baseUrl, frame.GetAttribute("src")!.Trim(), out var url) && WebUrl.IsHttp(url) ? url.AbsoluteUri : "")
            .Where(address => address.Length is > 0 and <= MaxFrameAddress)
            .ToList();
        return addresses.Count == 0 ? null : $"The page shows other pages in frames: {string.Join(", ", addresses)}.";
    }

    private static string? Meta(IHtmlDocument document, string selector) =>
        HtmlDocuments.OneLine(document.QuerySelector(selector)?.GetAttribute("content") ?? "") is { Length: > 0 } content ? content : null;

    [GeneratedRegex(@"^\s*(?<seconds>[0-9]{0,6}\.?[0-9]{0,3})\s*[;,]?\s*(url\s*=\s*)?[""']?(?<url>[^""']*[^""'\s])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Refresh();
}

namespace FuncChat.Web.Cors;

/// <summary>The origins whose pages may call the API. Bound from `FuncChat:Cors`.</summary>
public sealed record OriginOptions
{
    public const string Section = "FuncChat:Cors";

    internal const string Wrong =
        "FuncChat__Cors__Origins must be exact origins separated by commas, such as https://chat.example.com; '*' would allow every page.";

    /// <summary>Exact origins, separated by commas; none by default.</summary>
    public string Origins { get; set; } = "";

    internal string[] All => Origins.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether each origin is written as a browser sends it: only scheme, host and port, in lowercase.</summary>
    internal bool AreExact => All.All(origin =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        && uri.GetLeftPart(UriPartial.Authority) == origin && !origin.Contains('*', StringComparison.Ordinal));
}

namespace FuncChat.Web.Cors;

/// <summary>The origins whose pages may call the API. Bound from `FuncChat:Cors`.</summary>
public sealed record OriginOptions
{
    public const string Section = "FuncChat:Cors";

    internal const string Wrong =
        "FuncChat__Cors__Origins must be exact origins with commas between them, such as https://chat.example.com; '*' would let in every page there is.";

    /// <summary>Exact origins with commas between them; none by default.</summary>
    public string Origins { get; set; } = "";

    internal string[] All => Origins.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether each is written as a browser sends it: scheme, host and port alone, in small letters.</summary>
    internal bool AreExact => All.All(origin =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        && uri.GetLeftPart(UriPartial.Authority) == origin && !origin.Contains('*', StringComparison.Ordinal));
}

namespace FuncChat.Tools.Fetch;

/// <summary>One spelling for the addresses of one page, so that a page that is found twice is read and shown once.</summary>
public static class CanonicalUrl
{
    // They track clicks, and do not change the response.
    private static readonly HashSet<string> Tracking = new(StringComparer.OrdinalIgnoreCase)
    {
        "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "fbclid", "msclkid", "yclid", "twclid", "ttclid", "igshid", "mc_cid", "mc_eid",
        "_hsenc", "_hsmi",
    };

    /// <summary>
    /// The address without its fragment, default port, user name and tracking parameters (`utm_…` and click ids), its scheme and host in lower
    /// case. All other parameters stay, in their order. Null where the text is no http or https address.
    /// </summary>
    public static string? Of(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && WebUrl.IsHttp(uri)
        ? uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) + QueryOf(uri)
        : null;

    private static string QueryOf(Uri uri)
    {
        var query = uri.GetComponents(UriComponents.Query, UriFormat.UriEscaped);
        if (query.Length == 0)
            return "";
        var kept = string.Join('&', query.Split('&').Where(pair => !IsTracking(Uri.UnescapeDataString(pair.Split('=', 2)[0]))));
        return kept.Length == 0 ? "" : $"?{kept}";
    }

    private static bool IsTracking(string name) => name.StartsWith("utm_", StringComparison.OrdinalIgnoreCase) || Tracking.Contains(name);
}

using System.Text.RegularExpressions;

namespace FuncChat.Tools.OpenApi;

/// <summary>What an API's response says in its headers: where the result is, how many there are, when to ask again. Never cookies or credentials.</summary>
internal static partial class ApiHeaders
{
    private const int MaxValue = 1000;

    private static readonly string[] Always =
    [
        "Location", "Content-Location", "Operation-Location", "Azure-AsyncOperation", "Link", "Retry-After", "Content-Range",
        "X-Total-Count", "X-Total", "X-Total-Pages", "X-Page", "X-Next-Page", "X-Prev-Page",
    ];

    private static readonly string[] WithoutBody =
    [
        "ETag", "Last-Modified", "Allow", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset",
    ];

    // Of the body that a GET would have.
    private static readonly string[] OfHead = ["Content-Type", "Content-Length", "Content-Language", "Content-Disposition", "Accept-Ranges", "Cache-Control", "Expires"];

    /// <summary>The headers that a model may need, in lines.</summary>
    /// <param name="hasBody">Whether the model reads a body as well, which most of it is in.</param>
    /// <param name="baseUrl">The address of the API, whose query the app sets: a link may repeat it.</param>
    public static string Describe(HttpResponseMessage response, bool hasBody, Uri baseUrl)
    {
        string[] names = [.. Always, .. hasBody ? [] : WithoutBody, .. response.RequestMessage?.Method == HttpMethod.Head ? OfHead : []];
        return string.Join('\n', names.Select(name => (Name: name, Value: Find(response, name, baseUrl))).Where(header => header.Value is { Length: > 0 }).Select(header => $"{header.Name}: {header.Value}"));
    }

    /// <summary>A header's value, without secrets in its addresses; null if there is none.</summary>
    public static string? Find(HttpResponseMessage response, string name, Uri baseUrl)
    {
        if (!response.Headers.NonValidated.TryGetValues(name, out var values) && !response.Content.Headers.NonValidated.TryGetValues(name, out values))
            return null;
        var value = string.Join(", ", values);
        return ForeignText.Clean(
            name is "Link" ? LinkTargets.Replace(value, link => $"<{WithoutSecrets(link.Groups["url"].Value, baseUrl)}>")
            : name.EndsWith("Location", StringComparison.Ordinal) || name is "Azure-AsyncOperation" ? WithoutSecrets(value, baseUrl) : value,
            MaxValue);
    }

    private static string WithoutSecrets(string url, Uri baseUrl)
    {
        url = SessionInPath.Replace(UserInfo.Replace(url.Split('#')[0], "${start}"), "");
        if (url.Split('?', 2) is not [var path, var query])
            return url;
        var set = ApiQuery.NamesIn(baseUrl);
        var kept = query.Split('&').Where(part => !NamesIn(part).Any(name => SecretName.IsMatch(name) || set.Any(own => ApiQuery.Overlap(own, name)))).ToList();
        return kept.Count > 0 ? $"{path}?{string.Join('&', kept)}" : path;
    }

    // Some servers also separate parameters by semicolons.
    private static IEnumerable<string> NamesIn(string part) => part.Split(';').Select(pair => Uri.UnescapeDataString(pair.Split('=')[0].Replace('+', ' ')).Trim());

    [GeneratedRegex("<(?<url>[^>]*)>", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex LinkTargets { get; }

    [GeneratedRegex(@"^(?<start>\s*([A-Za-z][A-Za-z0-9+.-]*:)?//)[^/?@]*@", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex UserInfo { get; }

    [GeneratedRegex(";[a-z]*sess(ion)?[a-z-]*=[^/?;]*", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SessionInPath { get; }

    // Signatures and keys, but not `page_token` or `start_key`, which the next page needs.
    [GeneratedRegex(
        "^(token|key|code|ticket|sid|sas|otp|pin|o?auth|[a-z]*sess(ion)?[-_]?(id)?)$|sig$|signature|secret|passw|pwd|credential|authorization|jwt|"
        + "(access|account|api|app|auth|bearer|client|csrf|download|functions?|id|invite|license|private|refresh|reset|security|session|share|subscription|upload|user|xsrf)[-_]?(token|key|code)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SecretName { get; }
}

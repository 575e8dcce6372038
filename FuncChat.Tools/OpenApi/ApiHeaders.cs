using System.Text.RegularExpressions;

namespace FuncChat.Tools.OpenApi;

/// <summary>What an API's response says in its headers: where the result is, how many there are, when to ask again. Never cookies or credentials.</summary>
internal static partial class ApiHeaders
{
    private const int MaxValue = 1000;

    // How often a value may be escaped to be shown.
    private const int MaxEscapes = 4;

    // Of the address of an Azure operation: its time, certificate, signature and hash.
    private static readonly string[] AzureSignature = ["t=", "c=", "s=", "h="];

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
        var set = ApiQuery.NamesIn(baseUrl);
        return ForeignText.Clean(
            string.Join(", ", values.Select(value => Parts.Replace(value, part => $"{part.Groups["start"]}{WithoutSecrets(part.Groups["text"].Value, set)}{part.Groups["end"]}"))), MaxValue);
    }

    // One rule for every header: each may hold an address, or the query of one.
    private static string WithoutSecrets(string text, IReadOnlyList<string> set)
    {
        text = SessionInPath.Replace(UserInfo.Replace(text, "${start}"), "");
        var isAddress = AddressStart.IsMatch(text) || text.Contains('?', StringComparison.Ordinal);
        if (isAddress)
            text = text.Split('#')[0];
        var at = text.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = at >= 0 ? (text[..at], text[(at + 1)..]) : isAddress ? (text, "") : ("", text);
        var parts = query.Split('&');
        var isSigned = AzureSignature.All(name => Array.Exists(parts, part => part.StartsWith(name, StringComparison.Ordinal)));
        var kept = string.Join('&', parts.Where(part =>
            !HasSecret(part, set, isQuery: true) && !(isSigned && Array.Exists(AzureSignature, name => part.StartsWith(name, StringComparison.Ordinal)))));
        path = Segments.Replace(path, segment => HasSecret(segment.Value, set, isQuery: false) ? "…" : segment.Value);
        return at >= 0 && kept.Length > 0 ? $"{path}?{kept}" : path + kept;
    }

    // A value may be an address that is escaped, and have others in it.
    private static bool HasSecret(string part, IReadOnlyList<string> set, bool isQuery)
    {
        for (var level = 0; level <= MaxEscapes; level++)
        {
            var isNested = level > 0 && (part.AsSpan().ContainsAny("?&") || Slashes.IsMatch(part));
            if (isNested && UserInfo.IsMatch(part))
                return true;
            var names = NamesIn(part).Skip(level == 0 && !isQuery ? 1 : 0);
            if ((isNested || level == 0) && names.Any(name => IsSecret(name) || set.Any(own => ApiQuery.Overlap(own, name))))
                return true;
            var inner = Uri.UnescapeDataString(part);
            if (inner == part)
                return false;
            part = inner;
        }

        return true;
    }

    // Some servers also separate parameters by semicolons.
    private static IEnumerable<string> NamesIn(string part) => part.Split(';', '?', '&', '#').Select(pair => Decode(pair.Split('=')[0].Replace('+', ' ')).Trim());

    private static string Decode(string name)
    {
        for (var level = 0; level < MaxEscapes && name.Contains('%', StringComparison.Ordinal); level++)
            name = Uri.UnescapeDataString(name);
        return name;
    }

    // Many servers read `a[b]` and `a.b` as parts of `a`.
    private static bool IsSecret(string name)
    {
        var parts = name.Split(['[', ']', '.', ' ', '$', '@'], StringSplitOptions.RemoveEmptyEntries).Select(part => part.Trim('_', '-')).Where(part => !part.All(char.IsAsciiDigit)).ToList();
        return SecretName.IsMatch(string.Join('_', parts)) || parts.Where((part, at) => at == 0 || !OfPage.IsMatch(parts[at - 1])).Any(part => SecretName.IsMatch(part));
    }

    // Those in angle brackets are the targets of the header Link.
    [GeneratedRegex("(?<start><)(?<text>[^>]*)(?<end>>?)|(?<text>[^<]+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Parts { get; }

    // Browsers read a backslash as a slash, and need none after the schemes that they know.
    [GeneratedRegex(
        @"(?<start>(https?|ftps?|wss?):[/\\]*|[/\\]{2,})[^/\\?#\s<>""]*@", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex UserInfo { get; }

    [GeneratedRegex(@"^\s*([A-Za-z][A-Za-z0-9+.-]*:|[/\\])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex AddressStart { get; }

    [GeneratedRegex(@"[/\\]{2}|^(https?|ftps?|wss?):", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Slashes { get; }

    [GeneratedRegex(@"[^/\\]+", RegexOptions.NonBacktracking)]
    private static partial Regex Segments { get; }

    [GeneratedRegex("^(page|next|prev|previous|start|continuation|cursor|sync|after|before)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex OfPage { get; }

    [GeneratedRegex(";[a-z]*sess(ion)?[a-z-]*=[^/?;]*", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SessionInPath { get; }

    // Signatures and keys, but not `page_token` or `start_key`, which the next page needs.
    [GeneratedRegex(
        "^(token|key|code|ticket|sid|sas|otp|pin|o?auth|[a-z]*sess(ion)?[-_]?(id)?)$|sig$|^sign$|hmac|signature|secret|passw|pwd|credential|authorization|jwt|"
        + "(access|account|api|app|auth|bearer|client|csrf|download|functions?|id|invite|license|private|refresh|reset|security|session|share|subscription|upload|user|xsrf)[-_]?(token|key|code)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SecretName { get; }
}

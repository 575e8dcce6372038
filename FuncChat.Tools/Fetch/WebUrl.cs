using System.Text.RegularExpressions;

namespace FuncChat.Tools.Fetch;

/// <summary>The web addresses that tools accept. Where a host leads is checked when it is connected to, not here.</summary>
public static partial class WebUrl
{
    /// <summary>The longest address, in characters.</summary>
    public const int MaxLength = 2048;

    /// <summary>An address as models write it: perhaps in angle brackets or with backslashes, or without its scheme, which is https then, and http where it names a port.</summary>
    /// <exception cref="ToolException">Not an http or https address, or one with a user name in it.</exception>
    public static Uri Parse(string text) => Parse(text, out _);

    /// <param name="isSchemeAssumed">True when the text has no scheme.</param>
    public static Uri Parse(string text, out bool isSchemeAssumed)
    {
        if (text.Length > MaxLength)
            throw new ToolException($"The address is longer than {MaxLength} characters.");
        var address = text.Trim().Trim('<', '>', '"', '\'', '`').Trim();
        if (BackslashedScheme().IsMatch(address))
            address = address.Replace('\\', '/');
        isSchemeAssumed = HostFirst().IsMatch(address);
        if (isSchemeAssumed)
            address = $"{(OtherPort().IsMatch(address) ? "http" : "https")}://{address}";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || !uri.IsWellFormedOriginalString() && uri.Host.Length == 0)
            throw new ToolException("This is not a web address: pass a whole one, such as https://example.com/page.");
        Check(uri);
        return uri;
    }

    /// <exception cref="ToolException">As for <see cref="Parse(string)"/>.</exception>
    public static void Check(Uri uri)
    {
        if (!IsHttp(uri))
            throw new ToolException($"Only http and https addresses can be fetched, not {uri.Scheme}.");
        if (uri.UserInfo.Length > 0)
            throw new ToolException("Addresses with a user name or password in them are not fetched.");
    }

    /// <summary>Whether the scheme is http or https.</summary>
    public static bool IsHttp(Uri uri) => uri.Scheme is "http" or "https";

    /// <summary>An https address without a user name, or an http one of this machine where it is allowed; null for any other.</summary>
    internal static Uri? SecureOf(string? text, bool isLocalAllowed) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0 && AsciiHost.Of(uri) is not null
        && (uri.Scheme == Uri.UriSchemeHttps || (isLocalAllowed && uri is { Scheme: "http", IsLoopback: true }))
            ? uri
            : null;

    // A name with a dot, or a host with a port: "localhost:80/x" is no scheme "localhost".
    [GeneratedRegex(@"^([\p{L}\p{Nd}-]+(\.[\p{L}\p{Nd}-]+)+(:\d{1,5})?|[\p{L}\p{Nd}-]+:\d{1,5})([/?#]|$)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex HostFirst();

    [GeneratedRegex(@"^[^/?#]*:(?!443([/?#]|$))\d", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OtherPort();

    [GeneratedRegex(@"^https?:[\\/]{2}[^?#]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex BackslashedScheme();
}

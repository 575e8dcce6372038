using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FuncChat.Tools.Fetch;

/// <summary>
/// Where a connection goes, spelled as <see cref="Uri.IdnHost"/> spells it, so that every spelling of a host compares equal.
/// </summary>
internal readonly record struct HostAndPort(string Host, int Port)
{
    /// <param name="uri">An address from the settings, whose host can be looked up.</param>
    public static HostAndPort Of(Uri uri) => new(uri.IdnHost, uri.Port);

    /// <summary>Reads "localhost:8888" or "[::1]:8888".</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HostAndPort? result)
    {
        var colon = text.LastIndexOf(':');
        result = colon > 0
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && Uri.TryCreate($"http://{text[..colon]}/", UriKind.Absolute, out var uri)
            && uri is { PathAndQuery: "/", UserInfo: "", IsDefaultPort: true }
            && AsciiHost.Of(uri) is { } host
                ? new HostAndPort(host, port)
                : null;
        return result is not null;
    }
}

using Microsoft.OpenApi;

namespace FuncChat.Tools.OpenApi;

/// <summary>The parameters that the app or the connection sets, never an argument.</summary>
/// <param name="headers">The headers that the app sends with each call.</param>
/// <param name="query">The names in the query of the base address.</param>
internal sealed class ReservedNames(IReadOnlyList<string> headers, IReadOnlyList<string> query)
{
    private static readonly string[] OfConnection =
    [
        "Accept", "Authorization", "Connection", "Cookie", "Expect", "Host", "Keep-Alive", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Via",
    ];

    public bool Contain(ParameterLocation location, string name) => location switch
    {
        ParameterLocation.Header => IsContentHeader(name) || headers.Concat(OfConnection).Any(header => IsSameHeader(header, name)),
        ParameterLocation.Query => query.Any(set => ApiQuery.Overlap(set, name)),
        // The app's own header holds all cookies.
        ParameterLocation.Cookie => headers.Any(header => IsSameHeader(header, "Cookie")),
        _ => false,
    };

    private static bool IsContentHeader(string name) => Dashed(name).StartsWith("Content-", StringComparison.OrdinalIgnoreCase);

    private static bool IsSameHeader(string one, string other) => Dashed(one).Equals(Dashed(other), StringComparison.OrdinalIgnoreCase);

    // Many servers do not tell them apart.
    private static string Dashed(string name) => name.Trim().Replace('_', '-');
}

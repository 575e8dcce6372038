using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace FuncChat.Tools.Mcp;

/// <summary>Reads the challenge with which a server refuses a request (`WWW-Authenticate: Bearer …`, RFC 6750).</summary>
internal static partial class BearerChallenge
{
    /// <summary>The challenge for a bearer token; null if the response has none.</summary>
    public static AuthenticationHeaderValue? In(HttpResponseMessage response) =>
        response.Headers.WwwAuthenticate.FirstOrDefault(challenge => challenge.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase));

    /// <summary>The value of a parameter; null if the challenge has none of this name.</summary>
    public static string? Find(AuthenticationHeaderValue? challenge, string name)
    {
        foreach (Match parameter in Parameter().Matches(challenge?.Parameter ?? ""))
        {
            if (parameter.Groups["name"].Value.Equals(name, StringComparison.OrdinalIgnoreCase))
                return parameter.Groups["value"].Value;
        }

        return null;
    }

    [GeneratedRegex("""(?<name>[A-Za-z_]+)\s*=\s*(?:"(?<value>[^"]*)"|(?<value>[^\s,"]+))""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();
}

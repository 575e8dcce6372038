using System.Globalization;
using System.Text.RegularExpressions;

namespace FuncChat.Sandbox.Scripts;

/// <summary>Reads a syntax error's line and column from the engine's details, such as "    at script.js:2:9 -> let y = ;".</summary>
internal static partial class SyntaxErrorPosition
{
    public static (int Line, int Column)? Find(string? details) =>
        details is not null && Position().Match(details) is { Success: true } match
            ? (int.Parse(match.Groups["line"].ValueSpan, CultureInfo.InvariantCulture), int.Parse(match.Groups["column"].ValueSpan, CultureInfo.InvariantCulture))
            : null;

    [GeneratedRegex(@"^    at script[^:\n]*:(?<line>\d{1,9}):(?<column>\d{1,9}) ->", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Position();
}

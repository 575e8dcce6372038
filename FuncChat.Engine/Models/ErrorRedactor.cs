using System.Text;
using System.Text.RegularExpressions;

namespace FuncChat.Engine.Models;

/// <summary>Makes a provider's own words fit to be shown: short, on one line, without keys.</summary>
internal static partial class ErrorRedactor
{
    private const int MaxLength = 300;

    public static string Clean(string text, string? apiKey)
    {
        // A message can be as long as a body; what is cut here cannot hold up the search for keys.
        text = text[..Math.Min(text.Length, 8 * MaxLength)];
        if (apiKey is { Length: >= 4 })
            text = text.Replace(apiKey, "[key]", StringComparison.Ordinal);
        text = KeyLike().Replace(text, "[key]");
        var clean = new StringBuilder(MaxLength + 1);
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= MaxLength)
                return clean.Append('…').ToString();
            clean.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }
        return clean.ToString().Trim();
    }

    /// <summary>
    /// The prefixes that providers give their keys, bearer tokens, and any run of letters and digits that is longer than words are.
    /// </summary>
    [GeneratedRegex(
        @"\b(?:sk|pk|rk|gsk|xai|hf|r8|csk|nvapi|pplx|tvly)[-_][A-Za-z0-9*_-]{6,}|\bAIza[A-Za-z0-9*_-]{8,}|\bBearer\s+\S+|[A-Za-z0-9]{32,}",
        RegexOptions.NonBacktracking)]
    private static partial Regex KeyLike();
}

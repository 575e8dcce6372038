using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FuncChat.Tools;
using FuncChat.Tools.Configuration;

namespace FuncChat.Engine.Models;

/// <summary>Makes a provider's error message safe to show: short, on one line, without keys.</summary>
internal static partial class ErrorRedactor
{
    private const int MaxLength = 300;
    private const int ShortestKey = 4;

    // A longer end than providers show of a key to name it, such as `…Ab3d`.
    private const int LongestEnd = 8;

    public static string Clean(string text, string? apiKey)
    {
        // A message can be as long as a body; what is cut here cannot delay the search for keys.
        text = Printable(text[..Math.Min(text.Length, 8 * MaxLength)]);
        if (apiKey is { Length: >= ShortestKey })
            text = FormsOf(apiKey).Aggregate(text, (cleaned, form) => cleaned.Replace(form, "[key]", StringComparison.OrdinalIgnoreCase));
        text = KeyLike().Replace(text, "[key]");
        return TextCut.Ellipsize(text, MaxLength).Trim();
    }

    // Control characters, line and paragraph separators, and marks that hide or reorder text become spaces; invisible ones, which could split a key, go.
    private static string Printable(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Format:
                    break;
                case UnicodeCategory.Control or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator:
                    clean.Append(' ');
                    break;
                default:
                    clean.Append(rune);
                    break;
            }
        }

        return clean.ToString();
    }

    /// <summary>The key as it may be encoded on its way, and its end: the longest first.</summary>
    private static IEnumerable<string> FormsOf(string apiKey)
    {
        string[] forms =
        [
            .. KnownSecrets.FormsOf(apiKey), Convert.ToBase64String(Encoding.UTF8.GetBytes($"Bearer {apiKey}")).TrimEnd('='), string.Join(' ', apiKey.AsEnumerable()),
        ];
        return forms.Concat(apiKey.Length > 2 * LongestEnd ? [apiKey[^(LongestEnd + 4)..], apiKey[^LongestEnd..]] : []).OrderByDescending(form => form.Length);
    }

    /// <summary>
    /// The prefixes that providers give their keys, bearer tokens, and any run of letters and digits that is longer than words are.
    /// </summary>
    [GeneratedRegex(
        @"\b(?:sk|pk|rk|gsk|xai|hf|r8|csk|nvapi|pplx|tvly)[-_][A-Za-z0-9*_-]{6,}|\bAIza[A-Za-z0-9*_-]{8,}|\bBearer\s+\S+|[A-Za-z0-9]{32,}",
        RegexOptions.NonBacktracking)]
    private static partial Regex KeyLike();
}

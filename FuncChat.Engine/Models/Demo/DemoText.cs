using System.Text.RegularExpressions;
using FuncChat.Tools;

namespace FuncChat.Engine.Models.Demo;

/// <summary>Cuts and cleans text from pages, for answers that quote it.</summary>
internal static partial class DemoText
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const int Timeout = 10_000;
    private const int LongestRead = 20_000;

    /// <summary>At most so many letters, never half of one.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
            return text;
        return string.Concat(text.AsSpan(0, TextCut.LengthWithin(text, most)).TrimEnd(), "…");
    }

    /// <summary>One line, without Markdown's headings, rules and links.</summary>
    public static string Plain(string text)
    {
        var start = Cut(text, LongestRead);
        return Space().Replace(Markup().Replace(MarkdownLink().Replace(start, "${text}"), " "), " ").Trim();
    }

    /// <summary>`a`, `b` and `c`: each tool once.</summary>
    public static string ToolNames(IEnumerable<DemoToolCall> calls)
    {
        var names = calls.Select(call => $"`{call.Tool}`").Distinct().ToList();
        return names.Count == 1 ? names[0] : $"{string.Join(", ", names[..^1])} and {names[^1]}";
    }

    /// <summary>The first sentences of a page; a heading or a bare address is none, unless there is nothing else.</summary>
    public static string FirstSentences(string text, int count, int most)
    {
        var start = Cut(text, LongestRead);
        var plain = Plain(Heading().Replace(start, "")) is { Length: > 0 } body ? body : Plain(start);
        var end = SentenceEnd().Matches(plain).ElementAtOrDefault(count - 1) is { } last ? last.Index + last.Length : plain.Length;
        return Cut(plain[..end], most);
    }

    [GeneratedRegex(@"!?\[(?<text>[^\[\]]*)\]\([^()\s]*\)", Options, Timeout)]
    private static partial Regex MarkdownLink();

    [GeneratedRegex(@"^[ \t]*(#{1,6}[ \t]|>|[-*+][ \t]|={3,}|-{3,})", Options | RegexOptions.Multiline, Timeout)]
    private static partial Regex Markup();

    [GeneratedRegex(@"^[ \t]*(#{1,6}[ \t][^\n]*|https?://\S+[ \t]*)$", Options | RegexOptions.Multiline, Timeout)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\s+", Options, Timeout)]
    private static partial Regex Space();

    // A full stop after a single letter is an abbreviation.
    [GeneratedRegex(@"(?<!\b\p{L}|[.!?。！？])[.!?。！？]+[""')\]”’]*(?=\s|$)", Options, Timeout)]
    private static partial Regex SentenceEnd();
}

using System.Text;
using AngleSharp.Dom;

namespace FuncChat.Tools.Scrape;

/// <summary>The text of a `pre` element with its lines, however the markup makes them.</summary>
internal static class CodeText
{
    private static readonly HashSet<string> Lines = new(StringComparer.Ordinal) { "div", "p", "li", "tr", "ol", "ul", "table", "section", "dd", "dt" };

    /// <summary>A fenced block whose fence is longer than any within it.</summary>
    public static string Fence(IElement pre)
    {
        var code = Of(pre);
        var fence = new string('`', Math.Max(3, LongestRun(code) + 1));
        return $"{fence}{LanguageOf(pre)}\n{code}\n{fence}";
    }

    /// <summary>Code within a line, in as many backticks as it needs.</summary>
    public static string Inline(string code)
    {
        var ticks = new string('`', code.Contains('`', StringComparison.Ordinal) ? LongestRun(code) + 1 : 1);
        return ticks.Length == 1 ? $"`{code}`" : $"{ticks} {code} {ticks}";
    }

    /// <summary>The code in an element, with its lines and its raised text.</summary>
    public static string Of(IElement element)
    {
        var text = new StringBuilder();
        Append(element, text);
        return text.ToString().Trim('\r', '\n');
    }

    /// <summary>Line numbers in a column of their own, and nothing else.</summary>
    public static bool IsGutter(IElement cell) =>
        cell.QuerySelector("pre") is not null && cell.TextContent.All(letter => char.IsAsciiDigit(letter) || char.IsWhiteSpace(letter));

    public static bool IsLine(IElement element) =>
        Lines.Contains(element.LocalName)
        || element.GetAttribute("style")?.Replace(" ", "", StringComparison.Ordinal).Contains("display:block", StringComparison.OrdinalIgnoreCase) == true;

    private static void Append(INode node, StringBuilder text)
    {
        foreach (var child in node.ChildNodes)
        {
            if (child is IText { Data: var data })
            {
                text.Append(data);
            }
            else if (child is IElement { LocalName: "br" })
            {
                text.Append('\n');
            }
            else if (child is IElement { LocalName: "sup" or "sub" } raised)
            {
                var moved = Of(raised);
                text.Append(string.IsNullOrWhiteSpace(moved) ? moved : raised.LocalName == "sup" ? RaisedText.Superscript(moved) : RaisedText.Subscript(moved));
            }
            else if (child is IElement element and not { LocalName: "script" or "style" or "button" or "template" })
            {
                var isLine = IsLine(element);
                if (isLine)
                    StartLine(text);
                Append(element, text);
                if (isLine)
                    StartLine(text);
            }
        }
    }

    private static void StartLine(StringBuilder text)
    {
        if (text.Length > 0 && text[^1] != '\n')
            text.Append('\n');
    }

    private static string LanguageOf(IElement pre)
    {
        var classes = pre.ClassList.Concat(pre.QuerySelector("code")?.ClassList ?? Enumerable.Empty<string>());
        var language = classes.Select(name => name.StartsWith("language-", StringComparison.Ordinal) ? name[9..] : name.StartsWith("lang-", StringComparison.Ordinal) ? name[5..] : "")
            .FirstOrDefault(name => name.Length is > 0 and < 20, "");
        return language.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '+' or '#' or '-') ? language : "";
    }

    private static int LongestRun(string text)
    {
        int longest = 0, run = 0;
        foreach (var letter in text)
        {
            run = letter == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}

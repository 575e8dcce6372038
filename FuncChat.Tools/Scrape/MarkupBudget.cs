using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace FuncChat.Tools.Scrape;

/// <summary>
/// Bounds what the parser makes of markup, before it sees it: elements that are open at once, since its time grows with their square, and elements in all.
/// Formatting that is left open is opened again in each block after it, so that few bytes create millions of elements
/// (https://html.spec.whatwg.org/multipage/parsing.html#reconstruct-the-active-formatting-elements).
/// </summary>
internal sealed partial class MarkupBudget
{
    private const int MaxOpen = 500;

    // The parser keeps at most three of the same (the "Noah's Ark clause").
    private const int MaxSame = 3;

    // Elements that HTML closes where the markup doesn't, and those that are never open.
    private static readonly HashSet<string> NeverDeep = new(StringComparer.OrdinalIgnoreCase)
    {
        "html", "head", "body", "p", "li", "dd", "dt", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "option", "optgroup", "rb", "rt", "rp", "rtc",
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
        "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes",
    };

    private static readonly HashSet<string> Formatting = new(StringComparer.OrdinalIgnoreCase)
    {
        "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
    };

    private static readonly SearchValues<char> NameEnd = SearchValues.Create(" \t\r\n\f/>");

    private readonly Dictionary<string, int> _open = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _leftOut = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _openFormatting = new(StringComparer.OrdinalIgnoreCase);
    private readonly Stack<(string Name, string Tag)> _order = new();
    private int _openOther;
    private int _openInline;
    private int _created;

    private MarkupBudget()
    {
    }

    // Only there, a slash at the end of a tag ends its element.
    private bool IsInForeignContent => _open.GetValueOrDefault("svg") > 0 || _open.GetValueOrDefault("math") > 0;

    /// <summary>The markup without elements that nest too deep, and up to where it creates too many elements.</summary>
    public static (string Html, bool IsCut) Apply(string html, int maxElements, CancellationToken cancellationToken)
    {
        var budget = new MarkupBudget();
        StringBuilder? kept = null;
        var from = 0;
        foreach (var token in Tokens().EnumerateMatches(html))
        {
            // Markup with many open comments and quotes takes time that grows with the square of its size.
            cancellationToken.ThrowIfCancellationRequested();
            var tag = html.AsSpan(token.Index, token.Length);
            if (tag[1] is '!')
                continue;
            var isKept = budget.Take(tag);
            if (isKept && budget._created <= maxElements)
                continue;

            (kept ??= new StringBuilder()).Append(html, from, token.Index - from);
            from = token.Index + token.Length;
            if (budget._created > maxElements)
                return (kept.ToString(), IsCut: true);
        }

        return (kept is null ? html : kept.Append(html, from, html.Length - from).ToString(), IsCut: false);
    }

    /// <summary>False for a start tag that nests too deep, and for its end tag.</summary>
    private bool Take(ReadOnlySpan<char> tag)
    {
        var isEnd = tag[1] is '/';
        var name = NameOf(tag);
        if (Formatting.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var formatting))
            return isEnd ? Close(formatting) : Open(formatting, tag.ToString());

        // A block may open all formatting again, where it starts and where it ends.
        _created += 1 + _order.Count;
        if (NeverDeep.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name))
            return true;
        return isEnd ? Leave(name, ref _openOther)
            : (tag[^2] is '/' && IsInForeignContent) || Enter(name, ref _openOther);
    }

    private bool Enter(ReadOnlySpan<char> name, ref int open)
    {
        if (open >= MaxOpen)
        {
            CountOf(_leftOut, name)++;
            return false;
        }

        open++;
        CountOf(_open, name)++;
        return true;
    }

    private bool Leave(ReadOnlySpan<char> name, ref int open)
    {
        ref var leftOut = ref CountOf(_leftOut, name);
        if (leftOut > 0)
        {
            leftOut--;
            return false;
        }

        // Without its start tag, an end tag ends nothing.
        ref var same = ref CountOf(_open, name);
        if (same > 0)
        {
            same--;
            open--;
        }

        return true;
    }

    private static ref int CountOf(Dictionary<string, int> counts, ReadOnlySpan<char> name) =>
        ref CollectionsMarshal.GetValueRefOrAddDefault(counts.GetAlternateLookup<ReadOnlySpan<char>>(), name, out _);

    private bool Open(string name, string tag)
    {
        _created++;
        // A link closes the link that is open.
        var isLink = name is "a" or "nobr";
        if (isLink && CountOf(_open, name) > 0)
            return true;
        if (!Enter(name, ref _openInline))
            return false;
        var key = isLink ? name : tag;
        ref var same = ref CollectionsMarshal.GetValueRefOrAddDefault(_openFormatting, key, out _);
        if (same >= MaxSame)
            return true;
        same++;
        _order.Push((name, key));
        return true;
    }

    private bool Close(string name)
    {
        _created++;
        var isOpen = CountOf(_open, name) > 0;
        if (!Leave(name, ref _openInline))
            return false;
        if (!isOpen)
            return true;
        // Mostly the last one; where tags cross, the others stay counted until their own end.
        var others = new Stack<(string Name, string Tag)>();
        while (_order.TryPop(out var entry))
        {
            if (entry.Name == name)
            {
                _openFormatting[entry.Tag]--;
                break;
            }

            others.Push(entry);
        }

        while (others.TryPop(out var entry))
            _order.Push(entry);
        return true;
    }

    private static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> tag)
    {
        var name = tag[(tag[1] is '/' ? 2 : 1)..];
        var end = name.IndexOfAny(NameEnd);
        return end < 0 ? name : name[..end];
    }

    // Comments, elements whose content is no markup, and tags.
    [GeneratedRegex(
        @"<!--.*?-->|<(?:script|style|textarea|title|xmp)\b[^>]*>.*?</(?:script|style|textarea|title|xmp)\b|</?[a-z][^\s/>]*(?:""[^""]*""|'[^']*'|[^'"">])*>",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Tokens();
}

using System.Globalization;
using System.Text;
using AngleSharp.Dom;

namespace FuncChat.Tools.Scrape;

/// <summary>
/// Writes presentation MathML (https://www.w3.org/TR/mathml-core/) on one line, as in programs: "(a+b)/2", "10^6", "a_1", "sqrt(16)". Its text alone
/// has other values: 1/2 would read as 12.
/// </summary>
internal sealed class MathText
{
    private const int MaxDepth = 64;
    private const int MaxLength = 20_000;
    private const int MaxFence = 4;

    private static readonly Dictionary<string, string> Accents = new(StringComparer.Ordinal)
    {
        ["¯"] = "bar",
        ["‾"] = "bar",
        ["ˉ"] = "bar",
        ["_"] = "underline",
        ["̲"] = "underline",
        ["^"] = "hat",
        ["ˆ"] = "hat",
        ["̂"] = "hat",
        ["→"] = "vec",
        ["⃗"] = "vec",
        ["⇀"] = "vec",
        ["~"] = "tilde",
        ["˜"] = "tilde",
        ["∼"] = "tilde",
        ["˙"] = "dot",
        ["̇"] = "dot",
        ["¨"] = "ddot",
        ["̈"] = "ddot",
    };

    private bool _isTooLarge;

    /// <summary>The formula; a note in its place where it is too large.</summary>
    public static string Of(IElement math)
    {
        var writer = new MathText();
        var text = writer.Join(writer.Row(math, depth: 0));
        return writer._isTooLarge || text.Length > MaxLength ? "[A formula that is too large to be written as text]" : text;
    }

    /// <summary>The parts of a row, with those of the rows in it: a reader does not see these.</summary>
    private List<MathPart> Row(IElement element, int depth)
    {
        var parts = new List<MathPart>();
        AddRow(element, parts, depth);
        return parts;
    }

    private void AddRow(IElement element, List<MathPart> parts, int depth)
    {
        foreach (var child in element.Children)
            Add(child, parts, depth + 1);
        if (element.ChildElementCount == 0 && Token(element) is { Text.Length: > 0 } token)
            parts.Add(token);
    }

    private void Add(IElement element, List<MathPart> parts, int depth)
    {
        _isTooLarge |= depth > MaxDepth;
        if (_isTooLarge)
            return;
        var name = element.LocalName;
        if (name is "mphantom" or "annotation" or "annotation-xml" or "none" or "mprescripts" or "script" or "style")
            return;
        if (name is "semantics" or "maction")
        {
            if (element.FirstElementChild is { } shown)
                Add(shown, parts, depth + 1);
            return;
        }

        if (name is "math" or "mrow" or "mstyle" or "mpadded" or "merror" or "a" && element.ChildElementCount > 0)
        {
            AddRow(element, parts, depth);
            return;
        }

        // Tokens may hold HTML, which may hold formulas again.
        var isToken = element.ChildElementCount == 0 ? name is not ("mfenced" or "mtable")
            : name is "mi" or "mn" or "mo" or "mtext" or "ms" && element.QuerySelector("math, script, style") is null;
        var part = isToken ? Token(element) : Structure(element, depth);
        if (part == default)
            AddRow(element, parts, depth);
        else if (part.Text.Length > 0 || part.Kind is MathPartKind.Space)
            parts.Add(part);
        _isTooLarge |= part.Text is { Length: > MaxLength };
    }

    private static MathPart Token(IElement element)
    {
        var text = HtmlDocuments.OneLine(TextOf(element));
        return element.LocalName switch
        {
            "mspace" => new(MathPartKind.Space, ""),
            // Function application and invisible times have no sign; a comma and a plus have.
            "mo" when text is "\u2061" or "\u2062" => new(MathPartKind.Operator, ""),
            "mo" when text is "\u2063" => new(MathPartKind.Operator, ","),
            "mo" when text is "\u2064" => new(MathPartKind.Operator, "+"),
            _ when text.Length == 0 => element.TextContent.Length > 0 && element.LocalName is "mtext" or "mo" ? new(MathPartKind.Space, "") : new(MathPartKind.Text, ""),
            "mo" => new(char.IsLetter(text[0]) && text.Length > 1 ? MathPartKind.Name : MathPartKind.Operator, text),
            "ms" => new(MathPartKind.Text, $"\"{text}\""),
            _ when char.IsNumber(text[0]) => new(MathPartKind.Number, text),
            "mn" => new(MathPartKind.Number, text),
            "mtext" => new(MathPartKind.Text, text),
            _ => new(IsOneLetter(text) ? MathPartKind.Letter : MathPartKind.Name, text),
        };
    }

    // HTML in a token may raise a part of its text.
    private static string TextOf(INode node) => node switch
    {
        IText text => text.Data,
        IElement { LocalName: "sup" } raised when HtmlDocuments.OneLine(raised.TextContent) is { Length: > 0 } text => RaisedText.Superscript(text),
        IElement { LocalName: "sub" } lowered when HtmlDocuments.OneLine(lowered.TextContent) is { Length: > 0 } text => RaisedText.Subscript(text),
        _ => string.Concat(node.ChildNodes.Select(TextOf)),
    };

    private static bool IsOneLetter(string text) => text.Length == 1 || (text.Length <= MaxFence && new StringInfo(text).LengthInTextElements == 1);

    private MathPart Structure(IElement element, int depth)
    {
        var children = element.Children.ToArray();
        return (element.LocalName, children.Length) switch
        {
            ("mfrac", 2) => Fraction(element, children, depth),
            ("msqrt", _) => new(MathPartKind.Closed, $"sqrt({Join(Row(element, depth))})"),
            ("mroot", 2) => new(MathPartKind.Superscript, $"{Base(children[0], depth, isSubscriptKept: true)}^(1/{Operand(Item(children[1], depth))})"),
            ("msup", 2) => Superscript(children[0], children[1], depth),
            ("msub" or "munder", 2) when AccentOf(children[1]) is { } accent => new(MathPartKind.Closed, $"{accent}({Join(Item(children[0], depth))})"),
            ("mover", 2) when AccentOf(children[1]) is { } accent => new(MathPartKind.Closed, $"{accent}({Join(Item(children[0], depth))})"),
            ("mover", 2) => Superscript(children[0], children[1], depth),
            ("msub" or "munder", 2) => new(MathPartKind.Subscript, Base(children[0], depth) + Script('_', Item(children[1], depth))),
            ("msubsup" or "munderover", 3) => new(MathPartKind.Superscript, Base(children[0], depth) + Script('_', Item(children[1], depth)) + Script('^', Item(children[2], depth))),
            ("mmultiscripts", > 0) => Multiscripts(children, depth),
            ("mtable", _) => Table(element, depth),
            ("mfenced", _) => Fenced(element, children, depth),
            ("menclose", _) => Enclosed(element, depth),
            // Such as an exponent without its base, which a browser shows as a row.
            ("mfrac" or "mroot" or "msup" or "msub" or "msubsup" or "munder" or "mover" or "munderover", _) => default,
            _ => new(MathPartKind.Text, string.Join(' ', children.Select(child => Join(Item(child, depth))).Where(text => text.Length > 0))),
        };
    }

    /// <summary>The parts of one argument of a structure.</summary>
    private List<MathPart> Item(IElement element, int depth)
    {
        var parts = new List<MathPart>();
        Add(element, parts, depth + 1);
        return parts;
    }

    private MathPart Fraction(IElement element, IElement[] children, int depth)
    {
        var (above, below) = (Item(children[0], depth), Item(children[1], depth));
        // Without its line it is a binomial coefficient.
        return element.GetAttribute("linethickness")?.Trim() is "0" or "0px" or "0pt" or "0em"
            ? new(MathPartKind.Closed, $"binom({Join(above)}, {Join(below)})")
            : new(MathPartKind.Fraction, $"{Operand(above)}/{Operand(below)}");
    }

    private MathPart Superscript(IElement element, IElement script, int depth)
    {
        var raised = Item(script, depth);
        var text = Base(element, depth, isSubscriptKept: true);
        // Primes and degrees are written after it.
        return raised is [{ Text: var mark }] && mark.All(letter => letter is '′' or '″' or '‴' or '\'' or '°')
            ? new(MathPartKind.Superscript, text + mark)
            : new(MathPartKind.Superscript, text + (raised is [{ Text: "∘" }] ? "°" : Script('^', raised)));
    }

    private MathPart Multiscripts(IElement[] children, int depth)
    {
        var before = new StringBuilder();
        var after = new StringBuilder();
        var target = after;
        for (var i = 1; i < children.Length; i++)
        {
            if (children[i].LocalName is "mprescripts")
            {
                target = before;
                continue;
            }

            target.Append(Script('_', Item(children[i], depth)));
            if (i + 1 < children.Length && children[i + 1].LocalName is not "mprescripts")
                target.Append(Script('^', Item(children[++i], depth)));
        }

        var space = before.Length > 0 ? " " : "";
        return new(MathPartKind.Superscript, $"{before}{space}{Base(children[0], depth)}{after}");
    }

    private MathPart Table(IElement table, int depth) => new(
        MathPartKind.Closed,
        $"[{string.Join("; ", table.Children.Select(row => string.Join(", ", row.Children.Select(cell => Join(Row(cell, depth + 1))))))}]");

    private MathPart Fenced(IElement element, IElement[] children, int depth)
    {
        var separators = string.Concat((element.GetAttribute("separators") ?? ",").Where(letter => !char.IsWhiteSpace(letter)));
        var text = new StringBuilder(Fence(element, "open", "("));
        for (var i = 0; i < children.Length; i++)
        {
            if (i > 0 && separators.Length > 0)
                text.Append(separators[Math.Min(i, separators.Length) - 1]);
            text.Append(Join(Item(children[i], depth)));
        }

        return new(MathPartKind.Closed, text.Append(Fence(element, "close", ")")).ToString());
    }

    private static string Fence(IElement element, string name, string usual) =>
        element.GetAttribute(name)?.Trim() is { Length: <= MaxFence } fence ? fence : usual;

    private MathPart Enclosed(IElement element, int depth)
    {
        var text = Join(Row(element, depth));
        var notation = element.GetAttribute("notation") ?? "";
        return notation.Contains("radical", StringComparison.Ordinal) ? new(MathPartKind.Closed, $"sqrt({text})")
            : notation.Contains("strike", StringComparison.Ordinal) ? new(MathPartKind.Closed, $"~~{text}~~")
            : new(MathPartKind.Text, text);
    }

    private static string? AccentOf(IElement script) =>
        script.LocalName is "mo" ? Accents.GetValueOrDefault(HtmlDocuments.OneLine(script.TextContent)) : null;

    private string Base(IElement element, int depth, bool isSubscriptKept = false)
    {
        var parts = Item(element, depth);
        return parts is [] || MathParts.IsAtom(parts) || (isSubscriptKept && parts is [{ Kind: MathPartKind.Subscript }]) ? Join(parts) : $"({Join(parts)})";
    }

    private string Script(char mark, List<MathPart> parts) =>
        parts is [] ? "" : MathParts.IsAtom(parts) ? $"{mark}{Join(parts)}" : $"{mark}({Join(parts)})";

    // Of a fraction.
    private string Operand(List<MathPart> parts) =>
        MathParts.IsAtom(parts) || parts is [{ Kind: MathPartKind.Subscript or MathPartKind.Superscript }] ? Join(parts) : $"({Join(parts)})";

    private string Join(List<MathPart> parts)
    {
        var text = MathParts.Join(parts, MaxLength);
        _isTooLarge |= text.Length > MaxLength;
        return text;
    }
}

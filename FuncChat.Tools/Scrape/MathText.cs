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

    // Next to one of these, a fraction needs no parentheses.
    private const string WeakOperators = "=≠<>≤≥≈≡∼→⇒⟹⇔+-−±∓,;:([{⟨)]}⟩";

    private bool _isTooLarge;

    private enum Kind
    {
        Space,
        Number,
        Letter,
        Name,
        Text,
        Operator,

        /// <summary>A fraction, which binds less than a product that is written without a sign.</summary>
        Fraction,
        Subscript,
        Superscript,

        /// <summary>In parentheses or brackets.</summary>
        Closed,
    }

    /// <summary>The formula; a note in its place where it is too large.</summary>
    public static string Of(IElement math)
    {
        var writer = new MathText();
        var text = writer.Join(writer.Row(math, depth: 0));
        return writer._isTooLarge || text.Length > MaxLength ? "[A formula that is too large to be written as text]" : text;
    }

    /// <summary>The parts of a row, with those of the rows in it: a reader does not see these.</summary>
    private List<Part> Row(IElement element, int depth)
    {
        var parts = new List<Part>();
        AddRow(element, parts, depth);
        return parts;
    }

    private void AddRow(IElement element, List<Part> parts, int depth)
    {
        foreach (var child in element.Children)
            Add(child, parts, depth + 1);
        if (element.ChildElementCount == 0 && Token(element) is { Text.Length: > 0 } token)
            parts.Add(token);
    }

    private void Add(IElement element, List<Part> parts, int depth)
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
        else if (part.Text.Length > 0 || part.Kind is Kind.Space)
            parts.Add(part);
        _isTooLarge |= part.Text is { Length: > MaxLength };
    }

    private static Part Token(IElement element)
    {
        var text = HtmlDocuments.OneLine(TextOf(element));
        return element.LocalName switch
        {
            "mspace" => new(Kind.Space, ""),
            // Function application and invisible times have no sign; a comma and a plus have.
            "mo" when text is "\u2061" or "\u2062" => new(Kind.Operator, ""),
            "mo" when text is "\u2063" => new(Kind.Operator, ","),
            "mo" when text is "\u2064" => new(Kind.Operator, "+"),
            _ when text.Length == 0 => element.TextContent.Length > 0 && element.LocalName is "mtext" or "mo" ? new(Kind.Space, "") : new(Kind.Text, ""),
            "mo" => new(char.IsLetter(text[0]) && text.Length > 1 ? Kind.Name : Kind.Operator, text),
            "ms" => new(Kind.Text, $"\"{text}\""),
            _ when char.IsNumber(text[0]) => new(Kind.Number, text),
            "mn" => new(Kind.Number, text),
            "mtext" => new(Kind.Text, text),
            _ => new(IsOneLetter(text) ? Kind.Letter : Kind.Name, text),
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

    private Part Structure(IElement element, int depth)
    {
        var children = element.Children.ToArray();
        return (element.LocalName, children.Length) switch
        {
            ("mfrac", 2) => Fraction(element, children, depth),
            ("msqrt", _) => new(Kind.Closed, $"sqrt({Join(Row(element, depth))})"),
            ("mroot", 2) => new(Kind.Superscript, $"{Base(children[0], depth, isSubscriptKept: true)}^(1/{Operand(Item(children[1], depth))})"),
            ("msup", 2) => Superscript(children[0], children[1], depth),
            ("msub" or "munder", 2) when AccentOf(children[1]) is { } accent => new(Kind.Closed, $"{accent}({Join(Item(children[0], depth))})"),
            ("mover", 2) when AccentOf(children[1]) is { } accent => new(Kind.Closed, $"{accent}({Join(Item(children[0], depth))})"),
            ("mover", 2) => Superscript(children[0], children[1], depth),
            ("msub" or "munder", 2) => new(Kind.Subscript, Base(children[0], depth) + Script('_', Item(children[1], depth))),
            ("msubsup" or "munderover", 3) => new(Kind.Superscript, Base(children[0], depth) + Script('_', Item(children[1], depth)) + Script('^', Item(children[2], depth))),
            ("mmultiscripts", > 0) => Multiscripts(children, depth),
            ("mtable", _) => Table(element, depth),
            ("mfenced", _) => Fenced(element, children, depth),
            ("menclose", _) => Enclosed(element, depth),
            // Such as an exponent without its base, which a browser shows as a row.
            ("mfrac" or "mroot" or "msup" or "msub" or "msubsup" or "munder" or "mover" or "munderover", _) => default,
            _ => new(Kind.Text, string.Join(' ', children.Select(child => Join(Item(child, depth))).Where(text => text.Length > 0))),
        };
    }

    /// <summary>The parts of one argument of a structure.</summary>
    private List<Part> Item(IElement element, int depth)
    {
        var parts = new List<Part>();
        Add(element, parts, depth + 1);
        return parts;
    }

    private Part Fraction(IElement element, IElement[] children, int depth)
    {
        var (above, below) = (Item(children[0], depth), Item(children[1], depth));
        // Without its line it is a binomial coefficient.
        return element.GetAttribute("linethickness")?.Trim() is "0" or "0px" or "0pt" or "0em"
            ? new(Kind.Closed, $"binom({Join(above)}, {Join(below)})")
            : new(Kind.Fraction, $"{Operand(above)}/{Operand(below)}");
    }

    private Part Superscript(IElement element, IElement script, int depth)
    {
        var raised = Item(script, depth);
        var text = Base(element, depth, isSubscriptKept: true);
        // Primes and degrees are written after it.
        return raised is [{ Text: var mark }] && mark.All(letter => letter is '′' or '″' or '‴' or '\'' or '°')
            ? new(Kind.Superscript, text + mark)
            : new(Kind.Superscript, text + (raised is [{ Text: "∘" }] ? "°" : Script('^', raised)));
    }

    private Part Multiscripts(IElement[] children, int depth)
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
        return new(Kind.Superscript, $"{before}{space}{Base(children[0], depth)}{after}");
    }

    private Part Table(IElement table, int depth) => new(
        Kind.Closed,
        $"[{string.Join("; ", table.Children.Select(row => string.Join(", ", row.Children.Select(cell => Join(Row(cell, depth + 1))))))}]");

    private Part Fenced(IElement element, IElement[] children, int depth)
    {
        var separators = string.Concat((element.GetAttribute("separators") ?? ",").Where(letter => !char.IsWhiteSpace(letter)));
        var text = new StringBuilder(Fence(element, "open", "("));
        for (var i = 0; i < children.Length; i++)
        {
            if (i > 0 && separators.Length > 0)
                text.Append(separators[Math.Min(i, separators.Length) - 1]);
            text.Append(Join(Item(children[i], depth)));
        }

        return new(Kind.Closed, text.Append(Fence(element, "close", ")")).ToString());
    }

    private static string Fence(IElement element, string name, string usual) =>
        element.GetAttribute(name)?.Trim() is { Length: <= MaxFence } fence ? fence : usual;

    private Part Enclosed(IElement element, int depth)
    {
        var text = Join(Row(element, depth));
        var notation = element.GetAttribute("notation") ?? "";
        return notation.Contains("radical", StringComparison.Ordinal) ? new(Kind.Closed, $"sqrt({text})")
            : notation.Contains("strike", StringComparison.Ordinal) ? new(Kind.Closed, $"~~{text}~~")
            : new(Kind.Text, text);
    }

    private static string? AccentOf(IElement script) =>
        script.LocalName is "mo" ? Accents.GetValueOrDefault(HtmlDocuments.OneLine(script.TextContent)) : null;

    private string Base(IElement element, int depth, bool isSubscriptKept = false)
    {
        var parts = Item(element, depth);
        return parts is [] || IsAtom(parts) || (isSubscriptKept && parts is [{ Kind: Kind.Subscript }]) ? Join(parts) : $"({Join(parts)})";
    }

    private string Script(char mark, List<Part> parts) =>
        parts is [] ? "" : IsAtom(parts) ? $"{mark}{Join(parts)}" : $"{mark}({Join(parts)})";

    // Of a fraction.
    private string Operand(List<Part> parts) =>
        IsAtom(parts) || parts is [{ Kind: Kind.Subscript or Kind.Superscript }] ? Join(parts) : $"({Join(parts)})";

    private static bool IsAtom(List<Part> parts) => parts switch
    {
        [{ Kind: Kind.Closed }] => true,
        [{ Kind: Kind.Number or Kind.Letter or Kind.Name or Kind.Text or Kind.Operator } part] =>
            part.Kind is Kind.Letter || part.Text.Length == 1 || part.Text.All(letter => char.IsLetterOrDigit(letter) || letter is '.'),
        [{ Text: "(" }, .., { Text: ")" }] => IsOnePair(parts),
        _ => false,
    };

    private static bool IsOnePair(List<Part> parts)
    {
        var open = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            open += parts[i].Text switch { "(" => 1, ")" => -1, _ => 0 };
            if (open == 0)
                return i == parts.Count - 1;
        }

        return false;
    }

    private string Join(List<Part> parts)
    {
        var text = new StringBuilder();
        for (var i = 0; i < parts.Count && text.Length <= MaxLength; i++)
        {
            var part = parts[i];
            if (part.Kind is Kind.Fraction && !(IsWeak(parts, i, -1) && IsWeak(parts, i, +1)))
                part = new(Kind.Closed, $"({part.Text})");
            if (text.Length > 0 && text[^1] != ' ' && (part.Kind is Kind.Space || NeedsSpace(parts[i - 1], part)))
                text.Append(' ');
            text.Append(part.Text);
        }

        _isTooLarge |= text.Length > MaxLength;
        return text.ToString().TrimEnd();
    }

    // Whether what is next to a fraction can't be read as a part of it.
    private static bool IsWeak(List<Part> parts, int at, int step)
    {
        var next = at + step;
        while (next >= 0 && next < parts.Count && parts[next].Kind is Kind.Space)
            next += step;
        return next < 0 || next >= parts.Count || parts[next] switch
        {
            { Kind: Kind.Text } => true,
            { Kind: Kind.Operator, Text: [var letter] } => WeakOperators.Contains(letter, StringComparison.Ordinal) && !(step < 0 ? ")]}⟩" : "([{⟨").Contains(letter, StringComparison.Ordinal),
            _ => false,
        };
    }

    private static bool NeedsSpace(Part left, Part right)
    {
        if (left.Kind is Kind.Text || right.Kind is Kind.Text)
            return true;
        // The base of an exponent may be a closing parenthesis alone.
        if (left.Kind is Kind.Space or Kind.Operator || right.Kind is Kind.Operator || right.Text[0] is ')' or ']' or '}' or '|')
            return false;
        // 2x, xy and 2x^2, but "2 10^6", "5 cm", "sin x" and "x^2 y".
        return left.Kind is not (Kind.Number or Kind.Letter)
            || right.Kind switch
            {
                Kind.Letter => false,
                Kind.Closed => left.Kind is Kind.Number || char.IsLetter(right.Text[0]),
                Kind.Subscript or Kind.Superscript => right.Text.Length < 2 || !char.IsLetter(right.Text[0]) || char.IsLetter(right.Text[1]),
                _ => true,
            };
    }

    private readonly record struct Part(Kind Kind, string Text);
}

using System.Text;
using System.Xml;

namespace FuncChat.Sandbox.Documents;

/// <summary>Writes formulas of Office (ECMA-376, part 1, chapter 22.1) on one line, as those of pages: "(a+b)/2", "10^6", "a_1", "sqrt(16)".</summary>
internal sealed class OfficeMath
{
    private const int MaxDepth = 64;
    private const int MaxLength = 20_000;

    // Next to one of these, a fraction needs no parentheses.
    private const string Weak = " =≠<>≤≥≈≡∼→⇒⟹⇔+-−±∓,;:";

    private static readonly Dictionary<string, string> Accents = new(StringComparer.Ordinal)
    {
        ["\u0302"] = "hat",
        ["\u0304"] = "bar",
        ["\u0305"] = "bar",
        ["\u00AF"] = "bar",
        ["\u0303"] = "tilde",
        ["\u0307"] = "dot",
        ["\u0308"] = "ddot",
        ["\u20D7"] = "vec",
        ["\u20D6"] = "vec",
    };

    private int _length;
    private bool _isTooLarge;

    private enum Kind
    {
        Text,

        /// <summary>A fraction, which binds less than a product that is written without a sign.</summary>
        Fraction,

        /// <summary>With an exponent or an index.</summary>
        Script,

        /// <summary>In parentheses or brackets.</summary>
        Closed,
    }

    /// <summary>The formula, leaving the reader at its end; a note in its place where it is too large.</summary>
    public static string Of(XmlReader xml)
    {
        var writer = new OfficeMath();
        var text = Join(writer.Row(xml, 0));
        return writer._isTooLarge || text.Length > MaxLength ? "[A formula that is too large to be written as text]" : text;
    }

    private List<Part> Row(XmlReader xml, int depth)
    {
        var parts = new List<Part>();
        _isTooLarge |= depth > MaxDepth || _length > MaxLength;
        foreach (var name in xml.Children())
        {
            if (!_isTooLarge)
                Add(parts, name, xml, depth + 1);
        }

        return parts;
    }

    private void Add(List<Part> parts, string name, XmlReader xml, int depth)
    {
        switch (name)
        {
            case "del" or "moveFrom" or "rPr" or "ctrlPr" or "instrText":
                break;
            case "t":
                var text = xml.Text();
                _length += text.Length;
                // Text comes in pieces of any length.
                if (parts is [.., { Kind: Kind.Text } last])
                    parts[^1] = new(Kind.Text, last.Text + text);
                else if (text.Length > 0)
                    parts.Add(new(Kind.Text, text));
                break;
            case "f" or "rad" or "sSup" or "sSub" or "sSubSup" or "sPre" or "nary" or "d" or "func" or "limLow" or "limUpp" or "acc" or "bar" or "m" or "mr" or "eqArr" or "borderBox" or "phant":
                parts.AddRange(Structure(name, xml, depth).Where(part => part.Text.Length > 0));
                _length += parts is [.., var added] ? added.Text.Length : 0;
                break;
            default:
                foreach (var part in Row(xml, depth))
                {
                    if (part.Kind is Kind.Text && parts is [.., { Kind: Kind.Text } before])
                        parts[^1] = new(Kind.Text, before.Text + part.Text);
                    else
                        parts.Add(part);
                }

                break;
        }
    }

    private IEnumerable<Part> Structure(string name, XmlReader xml, int depth)
    {
        var properties = new Dictionary<string, string?>(StringComparer.Ordinal);
        var arguments = new List<(string Name, List<Part> Parts)>();
        foreach (var child in xml.Children())
        {
            if (child == $"{name}Pr")
            {
                foreach (var property in xml.Children())
                    properties[property] = xml.Value();
            }
            else if (child == "mr")
            {
                arguments.Add((child, [.. Structure(child, xml, depth + 1)]));
            }
            else if (child is not "ctrlPr")
            {
                arguments.Add((child, Row(xml, depth + 1)));
            }
        }

        return Written(name, properties, arguments);
    }

    private static IEnumerable<Part> Written(string name, Dictionary<string, string?> properties, List<(string Name, List<Part> Parts)> arguments)
    {
        var e = Argument("e");
        var all = arguments.Select(argument => Join(argument.Parts));
        return name switch
        {
            "f" when properties.GetValueOrDefault("type") is "noBar" => [new(Kind.Closed, $"binom({Join(Argument("num"))}, {Join(Argument("den"))})")],
            "f" => [new(Kind.Fraction, $"{Operand(Argument("num"))}/{Operand(Argument("den"))}")],
            "rad" when IsOn("degHide") || Argument("deg") is [] => [new(Kind.Closed, $"sqrt({Join(e)})")],
            "rad" => [new(Kind.Script, $"{Base(e)}^(1/{Operand(Argument("deg"))})")],
            "sSup" => [new(Kind.Script, Base(e) + Superscript(Argument("sup")))],
            "sSub" => [new(Kind.Script, Base(e) + Script('_', Argument("sub")))],
            "sSubSup" => [new(Kind.Script, Base(e) + Script('_', Argument("sub")) + Superscript(Argument("sup")))],
            "sPre" => [new(Kind.Script, $"{Script('_', Argument("sub"))}{Script('^', Argument("sup"))} {Base(e)}")],
            "limLow" => [new(Kind.Script, Base(e) + Script('_', Argument("lim")))],
            "limUpp" => [new(Kind.Script, Base(e) + Script('^', Argument("lim")))],
            "nary" =>
            [
                new(Kind.Script, Character("chr", "∫") + (IsOn("subHide") ? "" : Script('_', Argument("sub"))) + (IsOn("supHide") ? "" : Script('^', Argument("sup")))),
                .. e,
            ],
            "d" when e is [{ Kind: Kind.Closed } only] && only.Text.StartsWith("binom(", StringComparison.Ordinal) => e,
            "d" => [new(Kind.Closed, Character("begChr", "(") + string.Join(Character("sepChr", "|"), all) + Character("endChr", ")"))],
            "func" when e is [{ Kind: Kind.Closed } only] => [new(Kind.Text, Join(Argument("fName"))), only],
            "func" => [new(Kind.Text, $"{Join(Argument("fName"))} {Join(e)}")],
            "acc" => [Accents.TryGetValue(Character("chr", "\u0302"), out var accent) ? new(Kind.Closed, $"{accent}({Join(e)})") : new(Kind.Text, Join(e))],
            "bar" => [new(Kind.Closed, $"{(properties.GetValueOrDefault("pos") is "top" ? "bar" : "underline")}({Join(e)})")],
            "mr" => [new(Kind.Text, string.Join(", ", all))],
            "m" => [new(Kind.Closed, $"[{string.Join("; ", all)}]")],
            // The marks are places that align.
            "eqArr" => [new(Kind.Closed, $"[{string.Join("; ", all.Select(text => text.Replace("&", "", StringComparison.Ordinal)))}]")],
            "borderBox" when properties.Keys.Any(key => key.StartsWith("strike", StringComparison.Ordinal) && IsOn(key)) => [new(Kind.Text, $"~~{Join(e)}~~")],
            "phant" when properties.TryGetValue("show", out var show) && show is "0" or "off" or "false" => [],
            _ => e,
        };

        List<Part> Argument(string which) => arguments.Find(argument => argument.Name == which).Parts ?? [];

        bool IsOn(string property) => properties.TryGetValue(property, out var value) && value is not ("0" or "off" or "false");

        string Character(string property, string usual) => properties.TryGetValue(property, out var value) ? value ?? "" : usual;
    }

    private static string Base(List<Part> parts) => parts is [] || IsAtom(parts) ? Join(parts) : $"({Join(parts)})";

    // Primes and degrees are written after it.
    private static string Superscript(List<Part> parts) =>
        parts is [{ Text: var mark }] && mark.All(letter => letter is '′' or '″' or '‴' or '\'' or '°') ? mark : parts is [{ Text: "∘" }] ? "°" : Script('^', parts);

    private static string Script(char mark, List<Part> parts) => parts is [] ? "" : IsAtom(parts) ? $"{mark}{Join(parts)}" : $"{mark}({Join(parts)})";

    private static string Operand(List<Part> parts) => IsAtom(parts) || parts is [{ Kind: Kind.Script }] ? Join(parts) : $"({Join(parts)})";

    private static bool IsAtom(List<Part> parts) => parts switch
    {
        [{ Kind: Kind.Closed }] => true,
        [{ Kind: Kind.Text, Text: var text }] => text.Length == 1 || text.All(letter => char.IsDigit(letter) || letter is '.' or ',') || text.All(char.IsLetter) || IsOnePair(text),
        _ => false,
    };

    private static bool IsOnePair(string text)
    {
        var open = 0;
        for (var i = 0; i < text.Length; i++)
        {
            open += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (open == 0)
                return i > 0 && i == text.Length - 1;
        }

        return false;
    }

    private static string Join(List<Part> parts)
    {
        var text = new StringBuilder();
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            if (part.Kind is Kind.Fraction && !(IsWeak(i == 0 ? ' ' : parts[i - 1].Text[^1]) && IsWeak(i == parts.Count - 1 ? ' ' : parts[i + 1].Text[0])))
                part = new(Kind.Closed, $"({part.Text})");
            if (i > 0 && NeedsSpace(parts[i - 1], part))
                text.Append(' ');
            text.Append(part.Text);
        }

        return text.ToString();
    }

    private static bool IsWeak(char letter) => Weak.Contains(letter, StringComparison.Ordinal);

    // 2x^2 and xy_1, but "2 10^6" and "x^2 y".
    private static bool NeedsSpace(Part left, Part right)
    {
        var (last, first) = (left.Text[^1], right.Text[0]);
        if (left.Kind is Kind.Script)
            return char.IsLetterOrDigit(first) || first is '(' or '[';
        return char.IsLetterOrDigit(last) && char.IsLetterOrDigit(first)
            && !(left.Kind is Kind.Text && char.IsLetter(first) && (right.Text.Length < 2 || !char.IsLetter(right.Text[1]) || char.IsDigit(last)));
    }

    private readonly record struct Part(Kind Kind, string Text);
}

using System.Text;

namespace FuncChat.Tools.Scrape;

/// <summary>What a part of a formula is.</summary>
internal enum MathPartKind
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

/// <summary>A part of a formula, as text.</summary>
internal readonly record struct MathPart(MathPartKind Kind, string Text);

/// <summary>Puts the parts of a formula together, with the spaces and parentheses that keep their meaning.</summary>
internal static class MathParts
{
    // Next to one of these, a fraction needs no parentheses.
    private const string WeakOperators = "=≠<>≤≥≈≡∼→⇒⟹⇔+-−±∓,;:([{⟨)]}⟩";

    /// <summary>The parts as one text. It ends soon after it is longer than <paramref name="maxLength"/>.</summary>
    public static string Join(List<MathPart> parts, int maxLength)
    {
        var text = new StringBuilder();
        for (var i = 0; i < parts.Count && text.Length <= maxLength; i++)
        {
            var part = parts[i];
            if (part.Kind is MathPartKind.Fraction && !(IsWeak(parts, i, -1) && IsWeak(parts, i, +1)))
                part = new(MathPartKind.Closed, $"({part.Text})");
            if (text.Length > 0 && text[^1] != ' ' && (part.Kind is MathPartKind.Space || NeedsSpace(parts[i - 1], part)))
                text.Append(' ');
            text.Append(part.Text);
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>Whether the parts need no parentheses as an operand.</summary>
    public static bool IsAtom(List<MathPart> parts) => parts switch
    {
        [{ Kind: MathPartKind.Closed }] => true,
        [{ Kind: MathPartKind.Number or MathPartKind.Letter or MathPartKind.Name or MathPartKind.Text or MathPartKind.Operator } part] =>
            part.Kind is MathPartKind.Letter || part.Text.Length == 1 || part.Text.All(letter => char.IsLetterOrDigit(letter) || letter is '.'),
        [{ Text: "(" }, .., { Text: ")" }] => IsOnePair(parts),
        _ => false,
    };

    private static bool IsOnePair(List<MathPart> parts)
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

    // Whether what is next to a fraction can't be read as a part of it.
    private static bool IsWeak(List<MathPart> parts, int at, int step)
    {
        var next = at + step;
        while (next >= 0 && next < parts.Count && parts[next].Kind is MathPartKind.Space)
            next += step;
        return next < 0 || next >= parts.Count || parts[next] switch
        {
            { Kind: MathPartKind.Text } => true,
            { Kind: MathPartKind.Operator, Text: [var letter] } => WeakOperators.Contains(letter, StringComparison.Ordinal) && !(step < 0 ? ")]}⟩" : "([{⟨").Contains(letter, StringComparison.Ordinal),
            _ => false,
        };
    }

    private static bool NeedsSpace(MathPart left, MathPart right)
    {
        if (left.Kind is MathPartKind.Text || right.Kind is MathPartKind.Text)
            return true;
        // The base of an exponent may be a closing parenthesis alone.
        if (left.Kind is MathPartKind.Space or MathPartKind.Operator || right.Kind is MathPartKind.Operator || right.Text[0] is ')' or ']' or '}' or '|')
            return false;
        // 2x, xy and 2x^2, but "2 10^6", "5 cm", "sin x" and "x^2 y".
        return left.Kind is not (MathPartKind.Number or MathPartKind.Letter)
            || right.Kind switch
            {
                MathPartKind.Letter => false,
                MathPartKind.Closed => left.Kind is MathPartKind.Number || char.IsLetter(right.Text[0]),
                MathPartKind.Subscript or MathPartKind.Superscript => right.Text.Length < 2 || !char.IsLetter(right.Text[0]) || char.IsLetter(right.Text[1]),
                _ => true,
            };
    }
}

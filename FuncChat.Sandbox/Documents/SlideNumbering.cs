using System.Globalization;
using System.Xml;

namespace FuncChat.Sandbox.Documents;

/// <summary>The numbers of the paragraphs of one text on a slide, which are not part of it (ECMA-376, part 1, 21.1.2.4.1 and 20.1.10.61).</summary>
internal sealed class SlideNumbering
{
    private const int Levels = 9;

    private readonly (string Type, int Number)[] _last = new (string, int)[Levels];

    /// <summary>The type, the level and the start of a paragraph's numbers, which its properties hold.</summary>
    public static (string Type, int Start)? Read(XmlReader xml) =>
        xml.GetAttribute("type") is { } type ? (type, Number(xml.GetAttribute("startAt")) ?? 1) : null;

    public static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < short.MaxValue ? number : null;

    /// <summary>The number of the next paragraph that is numbered, such as "2. ".</summary>
    public string Next(int level, string type, int start)
    {
        level = Math.Clamp(level, 0, Levels - 1);
        var number = _last[level].Type == type ? _last[level].Number + 1 : start;
        End(level);
        _last[level] = (type, number);
        var text = type.StartsWith("alpha", StringComparison.Ordinal) ? NumberText.Letter(number)
            : type.StartsWith("roman", StringComparison.Ordinal) ? NumberText.Roman(number)
            : number.ToString(CultureInfo.InvariantCulture);
        if (type.Contains("Uc", StringComparison.Ordinal))
            text = text.ToUpperInvariant();
        return type.EndsWith("ParenBoth", StringComparison.Ordinal) ? $"({text}) " : type.EndsWith("ParenR", StringComparison.Ordinal) ? $"{text}) " : $"{text}. ";
    }

    /// <summary>Ends the lists of a level and of those below it, as a paragraph without a number does.</summary>
    public void End(int level) => Array.Clear(_last, Math.Clamp(level, 0, Levels - 1), Levels - Math.Clamp(level, 0, Levels - 1));
}

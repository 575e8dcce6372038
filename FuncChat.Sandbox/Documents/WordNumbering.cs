using System.Globalization;
using System.Text;
using System.Xml;

namespace FuncChat.Sandbox.Documents;

/// <summary>The numbers of paragraphs in lists and of headings, which are not part of their text (ECMA-376, part 1, chapter 17.9). Bullets are left out.</summary>
internal sealed class WordNumbering
{
    private const int Levels = 9;

    /// <summary>Of a part that has none.</summary>
    public static readonly WordNumbering None = new();

    private readonly Dictionary<string, Dictionary<int, Level>> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List> _lists = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int?[]> _numbers = new(StringComparer.Ordinal);

    public static WordNumbering Read(OfficePackage package)
    {
        var numbering = new WordNumbering();
        if (package.Related(package.Main, "numbering") is not { } part)
            return numbering;
        using var xml = package.Open(part);
        xml.MoveToContent();
        foreach (var name in xml.Children())
        {
            if (name == "abstractNum" && xml.Value("abstractNumId") is { } definition)
                numbering._definitions[definition] = LevelsIn(xml);
            else if (name == "num" && xml.Value("numId") is { } id)
                numbering._lists[id] = ListIn(xml);
        }

        return numbering;
    }

    /// <summary>The number of the next paragraph at a level of a list, such as "2.1 "; empty if it has none.</summary>
    public string Next(string list, int level)
    {
        if (level is < 0 or >= Levels || !_lists.TryGetValue(list, out var found) || !_definitions.TryGetValue(found.Definition, out var levels) || !levels.TryGetValue(level, out var own))
            return "";
        // Lists of one definition count on.
        if (!_numbers.TryGetValue(found.Definition, out var numbers))
            _numbers[found.Definition] = numbers = new int?[Levels];
        numbers[level] = found.Starts.Remove(level, out var start) ? start : numbers[level] + 1 ?? own.Start;
        Array.Clear(numbers, level + 1, Levels - level - 1);
        for (var i = 0; i < level; i++)
            numbers[i] ??= levels.TryGetValue(i, out var above) ? above.Start : 1;
        return own.Format is "bullet" or "none" ? "" : Write(own, levels, numbers);
    }

    private static string Write(Level level, Dictionary<int, Level> levels, int?[] numbers)
    {
        var text = new StringBuilder();
        for (var i = 0; i < level.Text.Length; i++)
        {
            if (level.Text[i] is '%' && i + 1 < level.Text.Length && level.Text[i + 1] is >= '1' and <= '9')
            {
                var at = level.Text[++i] - '1';
                text.Append(Write(numbers[at] ?? 0, level.IsDecimal || !levels.TryGetValue(at, out var own) ? "decimal" : own.Format));
            }
            else
            {
                text.Append(level.Text[i]);
            }
        }

        return text.Length == 0 ? "" : text.Append(' ').ToString();
    }

    private static string Write(int number, string format) => format switch
    {
        "lowerRoman" => NumberText.Roman(number),
        "upperRoman" => NumberText.Roman(number).ToUpperInvariant(),
        "lowerLetter" => NumberText.Letter(number),
        "upperLetter" => NumberText.Letter(number).ToUpperInvariant(),
        "decimalZero" => number.ToString("00", CultureInfo.InvariantCulture),
        "bullet" or "none" => "",
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    private static Dictionary<int, Level> LevelsIn(XmlReader xml)
    {
        var levels = new Dictionary<int, Level>();
        foreach (var name in xml.Children())
        {
            if (name == "lvl" && Number(xml.Value("ilvl")) is { } level)
                levels[level] = LevelIn(xml);
        }

        return levels;
    }

    private static Level LevelIn(XmlReader xml)
    {
        var level = new Level(0, "decimal", "", IsDecimal: false);
        foreach (var name in xml.Children())
        {
            level = name switch
            {
                "start" => level with { Start = Number(xml.Value()) ?? 0 },
                "numFmt" => level with { Format = xml.Value() ?? "decimal" },
                "lvlText" => level with { Text = xml.Value() ?? "" },
                "isLgl" => level with { IsDecimal = xml.IsOn() },
                _ => level,
            };
        }

        return level;
    }

    private static List ListIn(XmlReader xml)
    {
        var (definition, starts) = ("", new Dictionary<int, int>());
        foreach (var name in xml.Children())
        {
            if (name == "abstractNumId")
                definition = xml.Value() ?? "";
            if (name != "lvlOverride" || Number(xml.Value("ilvl")) is not { } level)
                continue;
            foreach (var change in xml.Children())
            {
                if (change == "startOverride" && Number(xml.Value()) is { } start)
                    starts[level] = start;
            }
        }

        return new List(definition, starts);
    }

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < short.MaxValue ? number : null;

    /// <param name="IsDecimal">Whether the numbers of all levels appear with digits.</param>
    private sealed record Level(int Start, string Format, string Text, bool IsDecimal);

    /// <param name="Starts">Where the levels of this list start, until they have.</param>
    private sealed record List(string Definition, Dictionary<int, int> Starts);
}

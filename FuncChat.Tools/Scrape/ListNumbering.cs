using System.Globalization;
using AngleSharp.Dom;

namespace FuncChat.Tools.Scrape;

/// <summary>Numbers the items of one list as a browser does.</summary>
internal sealed class ListNumbering
{
    private readonly string? _type;
    private readonly int _step;
    private int _next;

    public ListNumbering(IElement list)
    {
        _type = list.GetAttribute("type");
        var isReversed = list.HasAttribute("reversed");
        _step = isReversed ? -1 : 1;
        _next = Number(list, "start") ?? (isReversed ? list.Children.Count(child => child.LocalName == "li") : 1);
    }

    /// <summary>The next item's mark, such as "3. ".</summary>
    public string MarkOf(IElement item)
    {
        var number = Number(item, "value") ?? _next;
        _next = number + _step;
        return _type switch
        {
            "a" when number is >= 1 and <= 26 => $"{(char)('a' + number - 1)}. ",
            "A" when number is >= 1 and <= 26 => $"{(char)('A' + number - 1)}. ",
            _ => string.Create(CultureInfo.InvariantCulture, $"{number}. "),
        };
    }

    private static int? Number(IElement element, string name) =>
        int.TryParse(element.GetAttribute(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value is > -1_000_000_000 and < 1_000_000_000
            ? value
            : null;
}

using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace FuncChat.Tools.Scrape;

/// <summary>A rule of a style sheet for elements of a name, with an id and classes. A later one in the order of <see cref="Compare"/> overrides an earlier one.</summary>
internal sealed partial record StyleRule
{
    private const int MaxLength = 200;

    /// <summary>One part of the selector, by which the rule is found.</summary>
    public required string Key { get; init; }

    public required string Declarations { get; init; }

    private string? Element { get; init; }

    private string? Id { get; init; }

    private IReadOnlyList<string> Classes { get; init; } = [];

    private (int Ids, int Classes, int Elements, int Place) Order { get; init; }

    /// <summary>Null for a selector that depends on anything but the element itself.</summary>
    public static StyleRule? TryParse(string selector, string declarations, int place)
    {
        if (selector.Length > MaxLength || Compound().Match(selector) is not { Success: true } match)
            return null;
        var element = match.Groups["element"] is { Success: true, Value: not "*" } name ? name.Value.ToLowerInvariant() : null;
        var parts = Part().Matches(match.Groups["parts"].Value).Select(part => part.Value).ToArray();
        var id = parts.LastOrDefault(part => part.StartsWith('#'))?[1..];
        var classes = parts.Where(part => part.StartsWith('.')).Select(part => part[1..]).ToArray();
        var key = id is not null ? $"#{id}" : classes.Length > 0 ? $".{classes[0]}" : element;
        return key is null
            ? null
            : new StyleRule
            {
                Key = key,
                Declarations = declarations,
                Element = element,
                Id = id,
                Classes = classes,
                Order = (id is null ? 0 : 1, classes.Length, element is null ? 0 : 1, place),
            };
    }

    public bool Matches(IElement element) =>
        (Element is null || element.LocalName == Element)
        && (Id is null || element.Id == Id)
        && Classes.All(element.ClassList.Contains);

    public static int Compare(StyleRule left, StyleRule right) => left.Order.CompareTo(right.Order);

    [GeneratedRegex(@"^(?<element>\*|[a-zA-Z][\w-]*)?(?<parts>([.#][\w-]+)*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Compound();

    [GeneratedRegex(@"[.#][\w-]+", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}

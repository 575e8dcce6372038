using System.Globalization;
using System.Text.RegularExpressions;

namespace FuncChat.Tools.Scrape;

/// <summary>Determines from a style attribute whether a reader sees the element's text.</summary>
internal static partial class InlineStyle
{
    /// <summary>Characters of a style that are looked at.</summary>
    public const int MaxLength = 4096;

    private const int MinShift = 3;

    public static bool Hides(string style)
    {
        var declarations = Parse(style.Length > MaxLength ? style[..MaxLength] : style);
        return declarations.Any(declaration => Hides(declaration.Key, declaration.Value))
            || IsOffScreen(declarations)
            || IsEmptyBox(declarations)
            || IsInvisibleColor(declarations);
    }

    /// <summary>Whether the text has a line through it.</summary>
    public static bool Strikes(string style)
    {
        if (!style.Contains("through", StringComparison.OrdinalIgnoreCase))
            return false;
        var declarations = Parse(style.Length > MaxLength ? style[..MaxLength] : style);
        return (declarations.GetValueOrDefault("text-decoration-line") ?? declarations.GetValueOrDefault("text-decoration") ?? "").Split(' ').Contains("line-through", StringComparer.Ordinal);
    }

    /// <summary>Whether a line through the text around the element leaves it out (https://www.w3.org/TR/css-text-decor-3/#line-decoration).</summary>
    public static bool IsApart(string style) =>
        style.Contains("inline-", StringComparison.OrdinalIgnoreCase)
        && Parse(style.Length > MaxLength ? style[..MaxLength] : style).GetValueOrDefault("display")?.StartsWith("inline-", StringComparison.Ordinal) == true;

    /// <summary>Positive for text that is raised from its line as an exponent is, negative for text that is lowered, 0 for other text.</summary>
    public static int Shift(string style)
    {
        if (!style.Contains("vertical-align", StringComparison.OrdinalIgnoreCase) && !style.Contains("relative", StringComparison.OrdinalIgnoreCase))
            return 0;
        var declarations = Parse(style.Length > MaxLength ? style[..MaxLength] : style);
        var align = declarations.GetValueOrDefault("vertical-align") ?? "";
        if (align is "super" or "sub")
            return align is "super" ? 1 : -1;
        // Icons and badges are moved by less, or keep their size.
        if (!CssValue.IsSmallFont(declarations.GetValueOrDefault("font-size") ?? ""))
            return 0;
        if (ShiftOf(align) is not 0 and var shift)
            return shift;
        return declarations.GetValueOrDefault("position") is not "relative" ? 0
            : ShiftOf(declarations.GetValueOrDefault("bottom") ?? "") is not 0 and var up ? up
            : -ShiftOf(declarations.GetValueOrDefault("top") ?? "");
    }

    private static int ShiftOf(string length) => CssValue.Pixels(length) is { } pixels && Math.Abs(pixels) >= MinShift ? Math.Sign(pixels) : 0;

    /// <summary>Whether the line breaks in the text are shown, and whether the text is code: its spaces are shown as well, and its font or the style is that of code.</summary>
    public static (bool KeepsLines, bool IsCode) LinesOf(string style)
    {
        var declarations = Parse(style.Length > MaxLength ? style[..MaxLength] : style);
        var space = (declarations.GetValueOrDefault("white-space") ?? declarations.GetValueOrDefault("white-space-collapse") ?? "").Split(' ');
        var keepsSpaces = space.Any(value => value is "pre" or "pre-wrap" or "break-spaces" or "preserve");
        return (keepsSpaces || space.Any(value => value is "pre-line" or "preserve-breaks"),
            keepsSpaces && (space is ["pre"] || Monospace().IsMatch(declarations.GetValueOrDefault("font-family") ?? declarations.GetValueOrDefault("font") ?? "")));
    }

    /// <summary>The declarations in effect: of several the last one, and an important one before all others.</summary>
    private static Dictionary<string, string> Parse(string style)
    {
        var declarations = new Dictionary<string, string>(StringComparer.Ordinal);
        var important = new HashSet<string>(StringComparer.Ordinal);
        foreach (var declaration in Escape().Replace(Comment().Replace(style, " "), Unescape).ToLowerInvariant().Split(';'))
        {
            var colon = declaration.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
                continue;
            var name = declaration[..colon].Trim();
            var value = HtmlDocuments.OneLine(declaration[(colon + 1)..]);
            var isImportant = value.Replace(" ", "", StringComparison.Ordinal).EndsWith("!important", StringComparison.Ordinal);
            if (isImportant)
                value = value[..value.LastIndexOf('!')].TrimEnd();
            if (!IsUnderstood(name, value))
                continue;
            // The shorthand resets what it is short for.
            var reset = name is "text-decoration" ? "text-decoration-line" : name;
            if (isImportant || !important.Contains(reset))
                declarations.Remove(reset);
            if (isImportant || !important.Contains(name))
                declarations[name] = value;
            if (isImportant)
                important.UnionWith([name, reset]);
        }

        return declarations;
    }

    // What a browser does not understand, it ignores: an earlier declaration stays in effect.
    private static bool IsUnderstood(string name, string value) => name switch
    {
        "display" => Displays().IsMatch(value),
        "visibility" => value is "visible" or "hidden" or "collapse" || Global().IsMatch(value),
        "opacity" => CssValue.Fraction(value) is not null || Global().IsMatch(value),
        _ => true,
    };

    private static bool Hides(string name, string value) => name switch
    {
        "display" => value is "none",
        "visibility" => value is "hidden" or "collapse",
        "content-visibility" => value is "hidden",
        "opacity" or "zoom" => CssValue.Fraction(value) is < 0.1,
        "filter" => OpacityFilter().Matches(value).Any(match => CssValue.Fraction(match.Groups["value"].Value) is < 0.1),
        "font-size" => CssValue.IsTinyFont(value),
        "font" => FontSize().Match(value) is { Success: true } size && CssValue.IsTinyFont(size.Groups["size"].Value),
        "color" or "-webkit-text-fill-color" => CssValue.IsTransparent(value),
        "clip" => ZeroRectangle().IsMatch(value),
        "clip-path" => EmptyShape().IsMatch(value) || IsEmptyInset(value),
        "transform" => CssTransform.Hides(value),
        "scale" => CssTransform.IsTiny(value),
        "translate" => CssTransform.IsFar(value),
        "text-indent" => CssTransform.IsOffScreen(value, alsoAhead: true),
        "letter-spacing" => CssValue.Pixels(value) is <= -8,
        _ => false,
    };

    private static bool IsOffScreen(Dictionary<string, string> declarations) =>
        declarations.GetValueOrDefault("position") is "absolute" or "fixed" or "relative"
            && (HasFar(declarations, alsoAhead: true, "left", "right", "inset-inline-start", "inset-inline-end") || HasFar(declarations, alsoAhead: false, "top", "bottom", "inset", "inset-block-start")
                || IsBeyondTheEdge(declarations, "left", "right", "top", "bottom"))
        || ((string[])["margin-left", "margin-right", "margin-inline-start", "margin-inline-end", "margin-inline", "margin"]).Any(name => IsPulledAway(declarations, name))
        || HasFar(declarations, alsoAhead: false, "margin-top", "margin-block-start");

    // A padding of the same side brings the text back: a band as wide as the window.
    private static bool IsPulledAway(Dictionary<string, string> declarations, string margin) =>
        HasFar(declarations, alsoAhead: margin.Contains('-', StringComparison.Ordinal), margin)
        && !(declarations.TryGetValue(margin.Replace("margin", "padding", StringComparison.Ordinal), out var padding) && padding.Split(' ').Any(length => CssValue.Pixels(length) is >= 900));

    private static bool HasFar(Dictionary<string, string> declarations, bool alsoAhead, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (declarations.TryGetValue(name, out var value) && value.Split(' ').Any(length => CssTransform.IsOffScreen(length, alsoAhead)))
                return true;
        }

        return false;
    }

    // From the edge of what holds it.
    private static bool IsBeyondTheEdge(Dictionary<string, string> declarations, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (declarations.TryGetValue(name, out var value) && CssValue.Pixels(value) is <= -500)
                return true;
        }

        return false;
    }

    private static bool IsEmptyBox(Dictionary<string, string> declarations) =>
        ((string[])["overflow", "overflow-x", "overflow-y"]).Any(name => declarations.TryGetValue(name, out var value) && value.Split(' ').Any(each => each is "hidden" or "clip" or "auto" or "scroll"))
        && ((string[])["width", "height", "max-width", "max-height", "inline-size", "block-size", "max-inline-size", "max-block-size"])
            .Any(name => declarations.TryGetValue(name, out var value) && CssValue.Pixels(value) is <= 1)
        || declarations.GetValueOrDefault("overflow") is "hidden" && declarations.GetValueOrDefault("text-indent") is { } indent && indent.EndsWith('%') && CssValue.Fraction(indent) is >= 1;

    private static bool IsInvisibleColor(Dictionary<string, string> declarations) =>
        declarations.TryGetValue("color", out var color)
        && (declarations.GetValueOrDefault("background-color") ?? declarations.GetValueOrDefault("background")) is { } background
        && CssValue.Canonical(color) == CssValue.Canonical(background);

    // The parts that are cut off from top, right, bottom and left meet.
    private static bool IsEmptyInset(string value)
    {
        if (Inset().Match(value) is not { Success: true } inset)
            return false;
        // A percentage needs no space after it.
        var edges = inset.Groups["edges"].Value.Replace("%", "% ", StringComparison.Ordinal)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .TakeWhile(edge => edge != "round")
            .ToArray();
        if (edges.Length is 0 or > 4 || edges.Any(edge => CssValue.Fraction(edge) is null))
            return false;
        var cut = edges.Select(edge => edge.EndsWith('%') ? CssValue.Fraction(edge) ?? 0 : 0).ToArray();
        var (top, right) = (cut[0], cut.ElementAtOrDefault(cut.Length > 1 ? 1 : 0));
        return top + cut.ElementAtOrDefault(cut.Length > 2 ? 2 : 0) >= 1 || right + (cut.Length > 3 ? cut[3] : right) >= 1;
    }

    // CSS lets any letter be written by its code: d\69splay.
    private static string Unescape(Match match) =>
        match.Groups["code"] is { Success: true } code
        && int.Parse(code.ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and < 0xD800 and var point
            ? char.ConvertFromUtf32(point)
            : match.Groups["letter"].Value;

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\\(?:(?<code>[0-9a-fA-F]{1,6})\s?|(?<letter>.))", RegexOptions.Singleline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Escape();

    [GeneratedRegex(@"^(inherit|initial|unset|revert|revert-layer)$|^(var|env|calc|min|max|clamp)\(", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Global();

    [GeneratedRegex(@"^((inline|block|run-in|flow|flow-root|table|flex|grid|ruby|math|list-item|none|contents|inherit|initial|unset|revert|revert-layer|(inline|table|ruby)-[a-z-]+|-(webkit|moz|ms)-[a-z-]+)( |$))+$|^var\(",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Displays();

    [GeneratedRegex(@"\bopacity\(\s*(?<value>[^()\s]+)\s*\)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OpacityFilter();

    // The first number with a unit; a weight has none.
    [GeneratedRegex(@"(^|\s)(?<size>([0-9]+\.?[0-9]*|\.[0-9]+)(%|[a-z]+)|0+(\.0*)?)(\s*/|\s)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex FontSize();

    [GeneratedRegex("mono|courier|consolas|menlo", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Monospace();

    [GeneratedRegex(@"^rect\(\s*[01](px)?[\s,]+[01](px)?[\s,]+[01](px)?[\s,]+[01](px)?\s*\)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex ZeroRectangle();

    [GeneratedRegex(@"^(circle\(\s*0|ellipse\(\s*0|polygon\(\s*0(px|%)?\s+0(px|%)?\s*\))", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex EmptyShape();

    [GeneratedRegex(@"^inset\((?<edges>[^()]*)\)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Inset();
}

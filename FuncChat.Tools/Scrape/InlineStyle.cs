using System.Globalization;
using System.Text.RegularExpressions;

namespace FuncChat.Tools.Scrape;

/// <summary>Determines from a style attribute whether a reader sees the element's text.</summary>
internal static partial class InlineStyle
{
    private const int MaxLength = 4096;

    public static bool Hides(string style)
    {
        var declarations = Parse(style.Length > MaxLength ? style[..MaxLength] : style);
        return declarations.Any(declaration => Hides(declaration.Key, declaration.Value))
            || IsOffScreen(declarations)
            || IsEmptyBox(declarations)
            || IsInvisibleColor(declarations);
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
            if (isImportant || !important.Contains(name))
                declarations[name] = value;
            if (isImportant)
                important.Add(name);
        }

        return declarations;
    }

    private static bool Hides(string name, string value) => name switch
    {
        "display" => value is "none",
        "visibility" => value is "hidden" or "collapse",
        "content-visibility" => value is "hidden",
        "opacity" => Number(value) is < 0.1,
        "zoom" => Number(value) is < 0.1,
        "filter" => value.StartsWith("opacity(0", StringComparison.Ordinal),
        "font-size" => Number(value) is { } size && size < (value.EndsWith('%') ? 10 : value.EndsWith("px", StringComparison.Ordinal) || value.EndsWith("pt", StringComparison.Ordinal) ? 2 : 0.1),
        "font" => ZeroSize().IsMatch(value),
        "color" or "-webkit-text-fill-color" => value is "transparent" || NoAlpha().IsMatch(value),
        "clip" => ZeroRectangle().IsMatch(value),
        "clip-path" => EmptyShape().IsMatch(value),
        "transform" => EmptyTransform().IsMatch(value),
        "scale" => Number(value) is 0,
        "text-indent" => IsFar(value),
        _ => false,
    };

    private static bool IsOffScreen(Dictionary<string, string> declarations) =>
        declarations.GetValueOrDefault("position") is "absolute" or "fixed" or "relative" && HasFar(declarations, "left", "right", "top", "bottom", "inset", "inset-inline-start")
        || HasFar(declarations, "margin-left", "margin-right", "margin-top", "margin");

    private static bool HasFar(Dictionary<string, string> declarations, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (declarations.TryGetValue(name, out var value) && value.Split(' ').Any(IsFar))
                return true;
        }

        return false;
    }

    private static bool IsEmptyBox(Dictionary<string, string> declarations) =>
        (declarations.GetValueOrDefault("overflow") ?? declarations.GetValueOrDefault("overflow-y") ?? declarations.GetValueOrDefault("overflow-x")) is "hidden" or "clip"
        && ((string[])["width", "height", "max-width", "max-height"]).Any(name => declarations.TryGetValue(name, out var value) && Number(value) is <= 1);

    private static bool IsInvisibleColor(Dictionary<string, string> declarations) =>
        declarations.TryGetValue("color", out var color)
        && (declarations.GetValueOrDefault("background-color") ?? declarations.GetValueOrDefault("background")) == color;

    // Farther than any screen, to the left or above.
    private static bool IsFar(string value) => Number(value) is { } number && number <= (value.EndsWith("px", StringComparison.Ordinal) ? -500 : -50);

    private static double? Number(string value) =>
        LeadingNumber().Match(value) is { Success: true } match
        && double.TryParse(match.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    // CSS lets any letter be written by its code: d\69splay.
    private static string Unescape(Match match) =>
        match.Groups["code"] is { Success: true } code
        && int.Parse(code.ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and < 0xD800 and var point
            ? char.ConvertFromUtf32(point)
            : match.Groups["letter"].Value;

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\\(?:(?<code>[0-9a-fA-F]{1,6})\s?|(?<letter>.))", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escape();

    [GeneratedRegex(@"^[+-]?(\d+\.?\d*|\.\d+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex LeadingNumber();

    [GeneratedRegex(@"(^|\s)0(\.0*)?(px|em|rem|pt|%)?(\s*/|\s)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex ZeroSize();

    [GeneratedRegex(@"^(rgba|hsla)\(.*,\s*0?\.?0*%?\s*\)$|^(rgb|hsl)a?\(.*/\s*0?\.?0*%?\s*\)$|^#(...0|......00)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex NoAlpha();

    [GeneratedRegex(@"^rect\(\s*[01](px)?[\s,]+[01](px)?[\s,]+[01](px)?[\s,]+[01](px)?\s*\)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex ZeroRectangle();

    [GeneratedRegex(@"^(inset\(\s*(50|[6-9]\d|100)%|circle\(\s*0|ellipse\(\s*0|polygon\(\s*0(px|%)?\s+0(px|%)?\s*\))", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex EmptyShape();

    [GeneratedRegex(@"scale[xy]?\(\s*0?\.?0*\s*[,)]|translate[xy]?\(\s*(-\d{4,}|[^,)]*,\s*-\d{4,})", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex EmptyTransform();
}

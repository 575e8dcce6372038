using System.Globalization;
using System.Text.RegularExpressions;

namespace FuncChat.Tools.Scrape;

/// <summary>Reads numbers, lengths and colors of CSS, in lower case. Null for what is not one, such as a variable.</summary>
internal static partial class CssValue
{
    private const double InvisibleAlpha = 0.1;

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["white"] = "#ffffff",
        ["black"] = "#000000",
        ["red"] = "#ff0000",
        ["gray"] = "#808080",
        ["grey"] = "#808080",
        ["silver"] = "#c0c0c0",
        ["whitesmoke"] = "#f5f5f5",
        ["snow"] = "#fffafa",
        ["ivory"] = "#fffff0",
        ["ghostwhite"] = "#f8f8ff",
    };

    /// <summary>A number or a percentage, where 100% is 1.</summary>
    public static double? Fraction(string value) => Read(value) is var (number, unit) ? unit == "%" ? number / 100 : number : null;

    /// <summary>About how many pixels a length has on a screen: of relative ones, those of a usual font and window.</summary>
    public static double? Pixels(string value) => Read(value) is not var (number, unit) ? null : number * unit switch
    {
        "" or "px" => 1,
        "pt" => 4 / 3.0,
        "em" or "rem" or "lh" or "rlh" or "pc" => 16,
        "ch" or "ex" => 8,
        "cm" => 37.8,
        "mm" => 3.78,
        "in" => 96,
        _ => 6, // a hundredth of a screen, of its width or of its height
    };

    /// <summary>Whether text of this font size can't be read.</summary>
    public static bool IsTinyFont(string value) => Read(value) is var (number, unit) && number < unit switch
    {
        "%" => 10,
        "px" or "pt" => 2,
        _ => 0.1,
    };

    /// <summary>Whether text of this font size is smaller than the usual text of a page.</summary>
    public static bool IsSmallFont(string value) => value is "smaller" or "small" or "x-small" or "xx-small" || Read(value) is var (number, unit) && number < unit switch
    {
        "%" => 95,
        "px" => 12,
        "pt" => 9,
        _ => 0.95,
    };

    /// <summary>Whether text of this color can't be seen on any background.</summary>
    public static bool IsTransparent(string color) =>
        color is "transparent"
        || (HexAlpha().Match(color) is { Success: true } hex && AlphaOf(hex.Groups["alpha"].Value) < InvisibleAlpha)
        || (FunctionAlpha().Match(color) is { Success: true } function && Fraction(function.Groups["alpha"].Value) < InvisibleAlpha);

    /// <summary>One spelling of a color, so that the same ones compare equal: of the forms that pages use.</summary>
    public static string Canonical(string color)
    {
        if (Names.GetValueOrDefault(color) is { } known)
            return known;
        if (ShortHex().IsMatch(color))
            return $"#{color[1]}{color[1]}{color[2]}{color[2]}{color[3]}{color[3]}";
        return Rgb().Match(color) is { Success: true } rgb
            ? string.Create(CultureInfo.InvariantCulture, $"#{ByteOf(rgb, "r"):x2}{ByteOf(rgb, "g"):x2}{ByteOf(rgb, "b"):x2}")
            : color.Replace(" ", "", StringComparison.Ordinal);
    }

    private static int ByteOf(Match rgb, string name) => Math.Min(int.Parse(rgb.Groups[name].ValueSpan, CultureInfo.InvariantCulture), 255);

    private static double AlphaOf(string hex) => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture) / (hex.Length == 1 ? 15.0 : 255);

    private static (double Number, string Unit)? Read(string value) =>
        NumberAndUnit().Match(value) is { Success: true } match
        && double.TryParse(match.Groups["number"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? (number, match.Groups["unit"].Value)
            : null;

    [GeneratedRegex(@"^(calc\(\s*)?(?<number>[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?)(?<unit>%|[a-z]+)?(\s*\)|\s|/|$)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex NumberAndUnit();

    [GeneratedRegex("^#(?:[0-9a-f]{3}(?<alpha>[0-9a-f])|[0-9a-f]{6}(?<alpha>[0-9a-f]{2}))$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex HexAlpha();

    // The fourth value, or the one after a slash.
    [GeneratedRegex(@"^[a-z-]+\((?:[^,/()]*,[^,/()]*,[^,/()]*,|[^,/()]*/)\s*(?<alpha>[^,/()\s]+)\s*\)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex FunctionAlpha();

    [GeneratedRegex("^#[0-9a-f]{3}$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex ShortHex();

    [GeneratedRegex(@"^rgba?\(\s*(?<r>[0-9]{1,3})\s*[, ]\s*(?<g>[0-9]{1,3})\s*[, ]\s*(?<b>[0-9]{1,3})\s*([,/]\s*(1|1\.0*|100%)\s*)?\)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Rgb();
}

using System.Text.RegularExpressions;

namespace FuncChat.Tools.Scrape;

/// <summary>Determines whether a transformation, in lower case, makes an element invisible.</summary>
internal static partial class CssTransform
{
    // Pages scale by less than this only to hide.
    private const double Tiny = 0.05;

    /// <summary>Of the property `transform`.</summary>
    public static bool Hides(string transform)
    {
        foreach (Match function in Functions().Matches(transform))
        {
            var (name, arguments) = (function.Groups["name"].Value, ArgumentsOf(function.Groups["arguments"].Value));
            if (name.StartsWith("scale", StringComparison.Ordinal) ? IsTiny(arguments)
                : name.StartsWith("translate", StringComparison.Ordinal) ? IsFar(arguments)
                : name.StartsWith("matrix", StringComparison.Ordinal) ? IsFlat(name, arguments)
                : name is "rotatex" or "rotatey" && IsEdge(arguments))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Of the property `scale`.</summary>
    public static bool IsTiny(string scale) => IsTiny(ArgumentsOf(scale));

    /// <summary>Of the property `translate`.</summary>
    public static bool IsFar(string translate) => IsFar(ArgumentsOf(translate));

    /// <summary>Whether a distance leads off every screen, from a place on it.</summary>
    /// <param name="alsoAhead">To the right, too. Long pages have parts far below.</param>
    public static bool IsOffScreen(string distance, bool alsoAhead) => CssValue.Pixels(distance) is <= -900 || (alsoAhead && CssValue.Pixels(distance) is >= 5000);

    private static string[] ArgumentsOf(string text) => text.Split([',', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    // The third one is the depth.
    private static bool IsTiny(string[] arguments) => arguments.Take(2).Any(argument => CssValue.Fraction(argument) is > -Tiny and < Tiny);

    private static bool IsFar(string[] arguments) => arguments.Take(2).Any(argument => IsOffScreen(argument, alsoAhead: true));

    private static bool IsFlat(string name, string[] arguments)
    {
        if (arguments.Length != (name == "matrix" ? 6 : 16))
            return false;
        var (a, b, c, d) = name == "matrix" ? (0, 1, 2, 3) : (0, 1, 4, 5);
        return CssValue.Fraction(arguments[a]) * CssValue.Fraction(arguments[d]) - CssValue.Fraction(arguments[b]) * CssValue.Fraction(arguments[c]) is > -Tiny * Tiny and < Tiny * Tiny;
    }

    // Seen from the side.
    private static bool IsEdge(string[] arguments) => arguments is ["90deg" or "-90deg" or "270deg" or "0.25turn" or ".25turn" or "100grad"];

    [GeneratedRegex(@"(?<name>[a-z0-9]+)\((?<arguments>[^()]*(\([^()]*\)[^()]*)*)\)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Functions();
}

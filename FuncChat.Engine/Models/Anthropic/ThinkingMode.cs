using System.Globalization;
using System.Text.RegularExpressions;

namespace FuncChat.Engine.Models.Anthropic;

/// <summary>How a model is asked to think.</summary>
internal enum ThinkingMode
{
    /// <summary>Not at all: models before 3.7.</summary>
    None,

    /// <summary>With a budget of tokens, where the caller asks for an effort: models before 4.6.</summary>
    Budget,

    /// <summary>As much as the model decides: 4.6 and later, which refuse a budget sooner or later.</summary>
    Adaptive,
}

/// <summary>Finds the mode in a model's name, such as `claude-opus-4-6` or `claude-3-5-haiku-latest`.</summary>
internal static partial class ThinkingModes
{
    public static ThinkingMode Of(string model)
    {
        var match = Version().Match(model);
        if (!match.Success)
            return ThinkingMode.Adaptive;
        var major = int.Parse(match.Groups["major"].ValueSpan, CultureInfo.InvariantCulture);
        var minor = match.Groups["minor"].Success ? int.Parse(match.Groups["minor"].ValueSpan, CultureInfo.InvariantCulture) : 0;
        return (major, minor) switch
        {
            ( > 4, _) or (4, >= 6) => ThinkingMode.Adaptive,
            (4, _) or (3, >= 7) => ThinkingMode.Budget,
            _ => ThinkingMode.None,
        };
    }

    // A date follows the version: it has eight digits.
    [GeneratedRegex(@"-(?<major>\d{1,2})(?:[-.](?<minor>\d{1,2})(?!\d))?(?!\d)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Version();
}

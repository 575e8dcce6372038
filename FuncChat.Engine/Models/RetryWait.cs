using System.Globalization;
using System.Text.RegularExpressions;

namespace FuncChat.Engine.Models;

/// <summary>How long a provider asks to wait, apart from `Retry-After`.</summary>
internal static partial class RetryWait
{
    // Longer ones make no sense, and would not fit.
    private const int MostParts = 5;
    private const double MostOfUnit = 1e6;

    /// <summary>
    /// Gemini's `retryDelay`, or what others write only in the words: "Please retry in 34.07s.", "Please try again in 6m0s.", "wait 20 seconds". Null
    /// where there is neither.
    /// </summary>
    public static TimeSpan? In(ProviderError report) =>
        (report.RetryDelay is { } delay ? Of(delay) : null) ?? (AskedWait().Match(report.Message ?? "") is { Success: true } asked ? Of(asked.Value) : null);

    /// <summary>A time such as `34s`, `1m2.5s` or `2 hours`, after whichever words; null where there is none.</summary>
    public static TimeSpan? Of(string text)
    {
        var wait = TimeSpan.Zero;
        foreach (var part in PartOfWait().Matches(text).Take(MostParts))
        {
            if (UnitOf(part.Groups["unit"].Value) is not { } unit || double.Parse(part.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) is not (< MostOfUnit and var number))
                break;
            wait += number * unit;
        }

        return wait > TimeSpan.Zero ? wait : null;
    }

    private static TimeSpan? UnitOf(string word) => word.ToLowerInvariant() switch
    {
        "ms" or "millisecond" or "milliseconds" => TimeSpan.FromMilliseconds(1),
        "s" or "sec" or "secs" or "second" or "seconds" => TimeSpan.FromSeconds(1),
        "m" or "min" or "mins" or "minute" or "minutes" => TimeSpan.FromMinutes(1),
        "h" or "hr" or "hrs" or "hour" or "hours" => TimeSpan.FromHours(1),
        "d" or "day" or "days" => TimeSpan.FromDays(1),
        _ => null,
    };

    [GeneratedRegex(
        @"\b(?:(?:try again|retry|resets?) (?:in|after)|wait(?: for)?)(?: about| around| approximately| at least| another)? (?:\d{1,6}(?:\.\d+)? ?[a-z]+ ?){1,5}",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex AskedWait();

    [GeneratedRegex(@"(?<number>\d+(?:\.\d+)?) ?(?<unit>[a-z]+)", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex PartOfWait();
}

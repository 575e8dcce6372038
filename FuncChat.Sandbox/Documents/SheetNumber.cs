using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FuncChat.Sandbox.Documents;

/// <summary>What a number format makes of a number (ECMA-376, part 1, 18.8.30 and 18.8.31).</summary>
internal sealed partial record SheetNumber(SheetNumber.Kind Is, string Currency = "")
{
    private const int From1904 = 1462;
    private const int SecondsPerDay = 24 * 60 * 60;

    // Excel takes 1900 for a leap year: it shows 60 as this day, and counts the days before it from the first.
    private const int LeapDay = 60;

    // The day after 9999-12-31.
    private const double LastDay = 2958466;

    private static readonly SheetNumber Plain = new(Kind.Number);

    internal enum Kind
    {
        Number,
        Percentage,
        Date,

        /// <summary>Of a day, whichever it is.</summary>
        Time,

        /// <summary>Hours that do not end with the day.</summary>
        Duration,
    }

    /// <summary>Of a format that is in no workbook. Those from 27 to 36 and from 50 to 58 are dates in East Asia.</summary>
    public static SheetNumber BuiltIn(int id) => new(id switch
    {
        9 or 10 => Kind.Percentage,
        (>= 18 and <= 21) or 32 or 33 or 45 or 47 => Kind.Time,
        46 => Kind.Duration,
        (>= 14 and <= 17) or 22 or (>= 27 and <= 36) or (>= 50 and <= 58) => Kind.Date,
        _ => Kind.Number,
    });

    public static SheetNumber Of(string format)
    {
        var letters = LettersOf(Elapsed().Replace(Literals().Replace(format, ""), "${unit}").Split(';')[0]);
        if (Elapsed().IsMatch(Literals().Replace(format, "")))
            return new(Kind.Duration);
        if (letters.Contains('y') || letters.Contains('d') || HasMonth(letters))
            return new(Kind.Date);
        if (letters.Contains('h') || letters.Contains('s'))
            return new(Kind.Time);
        return letters.Contains('%') ? new(Kind.Percentage) : Plain with { Currency = CurrencyIn(format) };
    }

    public string Write(string value, double number, bool is1904) => Is switch
    {
        Kind.Percentage => Percent(value),
        Kind.Duration => Duration(number) ?? value,
        Kind.Time => TimeOf(number) ?? value,
        Kind.Date => DateOf(number, is1904) ?? value,
        _ => Currency.Length > 0 ? $"{value} {Currency}" : value,
    };

    // Decimal, since 0.29 × 100 is 28.999999999999996 otherwise.
    private static string Percent(string value) =>
        decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is > -1_000_000_000_000m and < 1_000_000_000_000m
            ? string.Create(CultureInfo.InvariantCulture, $"{number * 100:0.##########}%")
            : value;

    private static string? Duration(double days)
    {
        if (days is not (> -LastDay and < LastDay))
            return null;
        var seconds = (long)Math.Round(Math.Abs(days) * SecondsPerDay);
        return string.Create(CultureInfo.InvariantCulture, $"{(days < 0 && seconds > 0 ? "-" : "")}{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}");
    }

    private static string? TimeOf(double days) => days is >= 0 and < LastDay ? DateTime.FromOADate(Math.Round(days % 1 * SecondsPerDay) / SecondsPerDay).ToString("HH:mm:ss", CultureInfo.InvariantCulture) : null;

    private static string? DateOf(double number, bool is1904)
    {
        var days = Math.Round((number + (is1904 ? From1904 : 0)) * SecondsPerDay) / SecondsPerDay;
        if (days is not (>= 0 and < LastDay))
            return null;
        if (days < 1)
            return TimeOf(days);
        var date = DateTime.FromOADate(days < LeapDay ? days + 1 : days);
        var day = days is >= LeapDay and < LeapDay + 1 ? "1900-02-29" : date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return date.TimeOfDay == TimeSpan.Zero ? day : $"{day} {date.ToString("HH:mm:ss", CultureInfo.InvariantCulture)}";
    }

    // The letters of dates and times, and the sign of percentages, without their repetitions.
    private static string LettersOf(string format)
    {
        var letters = new StringBuilder();
        foreach (var letter in format.ToLowerInvariant().Where(letter => "ymdhs%".Contains(letter, StringComparison.Ordinal)))
        {
            if (letters.Length == 0 || letters[^1] != letter)
                letters.Append(letter);
        }

        return letters.ToString();
    }

    // An m is minutes next to hours and seconds.
    private static bool HasMonth(string letters)
    {
        for (var i = 0; i < letters.Length; i++)
        {
            if (letters[i] == 'm' && (i == 0 || letters[i - 1] != 'h') && (i == letters.Length - 1 || letters[i + 1] != 's'))
                return true;
        }

        return false;
    }

    // [$€-407], "CHF" is text like any other, and a sign is one wherever it is.
    private static string CurrencyIn(string format) =>
        CurrencyCode().Match(format) is { Success: true } match ? match.Groups["code"].Value.Trim()
            : format.FirstOrDefault(letter => char.GetUnicodeCategory(letter) is UnicodeCategory.CurrencySymbol) is not '\0' and var sign ? sign.ToString() : "";

    [GeneratedRegex(@"\[\$(?<code>[^\]\-]+)(-[0-9A-Za-z]+)?\]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex CurrencyCode();

    // Quoted text, escaped letters, the widths of letters, colors and conditions in brackets, and the halves of the day.
    [GeneratedRegex(@"""[^""]*""|[\\_*].|\[(?!(h+|m+|s+)\])[^\]]*\]|AM/PM|A/P", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Literals();

    [GeneratedRegex(@"\[(?<unit>h+|m+|s+)\]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Elapsed();
}

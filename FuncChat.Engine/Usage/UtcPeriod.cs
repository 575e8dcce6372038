namespace FuncChat.Engine.Usage;

/// <summary>Days and months in UTC, by which usage is counted.</summary>
internal static class UtcPeriod
{
    /// <summary>The start of the day that a moment is in.</summary>
    public static DateTimeOffset DayOf(DateTimeOffset moment) => new(moment.UtcDateTime.Date, TimeSpan.Zero);

    /// <summary>The start of the month that a moment is in.</summary>
    public static DateTimeOffset MonthOf(DateTimeOffset moment) => DayOf(moment).AddDays(1 - moment.UtcDateTime.Day);

    /// <summary>The day or the month that a moment is in, and where the next one starts.</summary>
    public static (DateTimeOffset Start, DateTimeOffset End) At(DateTimeOffset moment, bool isMonth) =>
        isMonth ? (MonthOf(moment), MonthOf(moment).AddMonths(1)) : (DayOf(moment), DayOf(moment).AddDays(1));
}

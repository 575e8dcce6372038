namespace FuncChat.Engine.Usage;

/// <summary>An account's minute or day (UTC) in which one kind of usage is counted. Its parts together are the key of the count.</summary>
public readonly record struct UsageWindow(string Account, UsageKind Kind, DateTimeOffset Start)
{
    /// <summary>When the count starts again from 0.</summary>
    public DateTimeOffset End => Start + LengthOf(Kind);

    /// <summary>The window that a moment is in. Windows begin with the clock's minutes and days, so that all instances agree on them.</summary>
    public static UsageWindow At(DateTimeOffset moment, string account, UsageKind kind)
    {
        var ticks = moment.UtcTicks;
        return new(account, kind, new DateTimeOffset(ticks - (ticks % LengthOf(kind).Ticks), TimeSpan.Zero));
    }

    private static TimeSpan LengthOf(UsageKind kind) => kind == UsageKind.Requests ? TimeSpan.FromMinutes(1) : TimeSpan.FromDays(1);
}

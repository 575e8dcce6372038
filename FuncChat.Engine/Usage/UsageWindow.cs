namespace FuncChat.Engine.Usage;

/// <summary>A user's minute, or day (UTC), of which one kind of usage is counted. Its parts together are the key to the count.</summary>
public readonly record struct UsageWindow(string User, UsageKind Kind, DateTimeOffset Start)
{
    /// <summary>When the count restarts.</summary>
    public DateTimeOffset End => Start + LengthOf(Kind);

    /// <summary>The window of a moment. Windows start with the clock's minutes and days, so that all instances agree.</summary>
    public static UsageWindow At(DateTimeOffset moment, string user, UsageKind kind)
    {
        var ticks = moment.UtcTicks;
        return new(user, kind, new DateTimeOffset(ticks - (ticks % LengthOf(kind).Ticks), TimeSpan.Zero));
    }

    private static TimeSpan LengthOf(UsageKind kind) => kind == UsageKind.Requests ? TimeSpan.FromMinutes(1) : TimeSpan.FromDays(1);
}

namespace FuncChat.Engine.Usage;

/// <summary>Arithmetic on counts that never overflows.</summary>
public static class UsageCount
{
    /// <summary>The sum, or the type's largest or smallest value where it is beyond that.</summary>
    public static long Sum(long count, long amount) => (long)Int128.Clamp((Int128)count + amount, long.MinValue, long.MaxValue);
}

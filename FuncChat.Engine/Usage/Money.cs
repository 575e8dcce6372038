namespace FuncChat.Engine.Usage;

/// <summary>Amounts of the currency as they are counted: billionths, so that a single token of a cheap model counts.</summary>
public static class Money
{
    private const decimal Billion = 1_000_000_000;

    /// <summary>The amount in billionths, rounded to the nearest; an amount too large for the type stays at its maximum.</summary>
    public static long ToBillionths(decimal amount) =>
        amount >= long.MaxValue / Billion ? long.MaxValue : (long)Math.Round(amount * Billion, MidpointRounding.AwayFromZero);

    public static decimal FromBillionths(long billionths) => billionths / Billion;
}

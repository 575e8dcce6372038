using FuncChat.Engine.Models;

namespace FuncChat.Engine.Usage;

/// <summary>What a model costs, for a million tokens of each kind.</summary>
/// <param name="Model">The models that it applies to, as `provider:name`; `*` stands for any characters.</param>
/// <param name="CachedInput">The price of input that the provider read from its cache.</param>
/// <param name="CacheWrite">The price of input that the provider wrote to its cache.</param>
/// <param name="MaxOutput">The longest answer of the model in tokens; null if it is not set.</param>
internal sealed record ModelPrice(string Model, decimal Input, decimal CachedInput, decimal CacheWrite, decimal Output, int? MaxOutput)
{
    private const decimal Million = 1_000_000;

    /// <summary>The cost of a call, in billionths of the currency.</summary>
    public long CostOf(ModelUsage usage)
    {
        var cached = Clamp(usage.CachedInputTokens, usage.InputTokens);
        var written = Clamp(usage.CacheWriteInputTokens, usage.InputTokens - cached);
        var plain = Clamp(usage.InputTokens, ModelUsage.Most) - cached - written;
        return Money.ToBillionths(
            ((Math.Max(plain, 0) * Input) + (cached * CachedInput) + (written * CacheWrite) + (Clamp(usage.OutputTokens, ModelUsage.Most) * Output)) / Million);
    }

    /// <summary>The most that this much input may cost, in billionths.</summary>
    public long MostForInput(long tokens) => Money.ToBillionths(tokens * Math.Max(Input, CacheWrite) / Million);

    public long ForOutput(long tokens) => Money.ToBillionths(tokens * Output / Million);

    /// <summary>The tokens of output that an amount buys, in billionths.</summary>
    public long OutputFor(long billionths) =>
        Output == 0 ? (billionths > 0 ? ModelUsage.Most : 0) : (long)Math.Min(Math.Floor(Money.FromBillionths(billionths) * Million / Output), ModelUsage.Most);

    private static long Clamp(long? tokens, long most) => Math.Clamp(tokens ?? 0, 0, Math.Clamp(most, 0, ModelUsage.Most));
}

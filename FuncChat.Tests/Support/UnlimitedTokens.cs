using FuncChat.Engine.Usage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Support;

/// <summary>Counts tokens, and limits none.</summary>
internal static class UnlimitedTokens
{
    public static TokenMeter Meter => new(
        new InProcessUsageCounter(TimeProvider.System), Options.Create(new QuotaOptions { TokensPerDay = 0 }), TimeProvider.System,
        NullLogger<TokenMeter>.Instance);
}

using FuncChat.Engine.Usage;

namespace FuncChat.Tests.Support;

/// <summary>Counts tokens, and limits none.</summary>
internal static class UnlimitedTokens
{
    public static TokenMeter Meter => UsageBench.MeterOf(UsageBench.CounterOf(new MemoryUsageStore(), TimeProvider.System), TimeProvider.System);
}

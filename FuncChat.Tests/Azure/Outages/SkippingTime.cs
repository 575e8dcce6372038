namespace FuncChat.Tests.Azure.Outages;

/// <summary>The system's clock, which the test can set forward: what has lasted for some milliseconds has then lasted for minutes.</summary>
internal sealed class SkippingTime : TimeProvider
{
    private long _skipped;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _skipped));

    public override long GetTimestamp() =>
        System.GetTimestamp() + (long)(TimeSpan.FromTicks(Interlocked.Read(ref _skipped)).TotalSeconds * System.TimestampFrequency);

    public void Skip(TimeSpan time) => Interlocked.Add(ref _skipped, time.Ticks);
}

using System.Diagnostics.Metrics;

namespace FuncChat.Engine.Telemetry;

/// <summary>One figure for each model call, tool run, turn and refusal. The histograms' buckets are those that the conventions advise.</summary>
internal sealed class EngineInstruments(Meter meter)
{
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
    };

    // A tool run, and so a turn, may take an hour.
    private static readonly InstrumentAdvice<double> LongSeconds = new()
    {
        HistogramBucketBoundaries = [0.01, 0.04, 0.16, 0.64, 2.56, 10.24, 40.96, 163.84, 655.36, 2621.44],
    };

    private static readonly InstrumentAdvice<long> Tokens = new()
    {
        HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
    };

    private const int MaxResponseModels = 200;

    /// <summary>The names by which providers call the models that answer.</summary>
    public BoundedLabels ResponseModels { get; } = new(MaxResponseModels);

    public Histogram<double> ModelCallDuration { get; } =
        meter.CreateHistogram("gen_ai.client.operation.duration", "s", "How long model calls took.", null, Seconds);

    public Histogram<double> TimeToFirstChunk { get; } = meter.CreateHistogram(
        "gen_ai.client.operation.time_to_first_chunk", "s", "From a model call to the first piece of its answer.", null, Seconds);

    public Histogram<long> TokenUsage { get; } =
        meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Tokens that model calls read and wrote.", null, Tokens);

    public Histogram<double> ToolRunDuration { get; } =
        meter.CreateHistogram("gen_ai.execute_tool.duration", "s", "How long tool runs took.", null, LongSeconds);

    public Histogram<double> TurnDuration { get; } =
        meter.CreateHistogram("funcchat.turn.duration", "s", "How long turns ran in this process.", null, LongSeconds);

    public Counter<long> Refusals { get; } =
        meter.CreateCounter<long>("funcchat.requests.refused", "{request}", "Requests that were answered with an error, and began nothing.");
}

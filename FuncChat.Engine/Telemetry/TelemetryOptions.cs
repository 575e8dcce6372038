namespace FuncChat.Engine.Telemetry;

/// <summary>What the engine puts into its spans.</summary>
internal sealed record TelemetryOptions
{
    public const string CapturesContentKey = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

    /// <summary>Whether spans contain messages, and the arguments and results of tools, which are personal data. Default false.</summary>
    public bool CapturesContent { get; init; }
}

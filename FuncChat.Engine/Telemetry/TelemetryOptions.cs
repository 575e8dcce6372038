using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Telemetry;

/// <summary>What the engine puts into its spans.</summary>
internal sealed record TelemetryOptions
{
    /// <summary>Whether spans contain messages, and the arguments and results of tools, which are personal data. Default false.</summary>
    public bool CapturesContent { get; set; }

    public static bool CapturesContentIn(IConfiguration configuration) => configuration["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] switch
    {
        null or "" => false,
        var text when bool.TryParse(text, out var captures) => captures,
        _ => throw new OptionsValidationException(
            nameof(TelemetryOptions), typeof(TelemetryOptions), [SettingMessage.Of("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "must be true or false", "false")]),
    };
}

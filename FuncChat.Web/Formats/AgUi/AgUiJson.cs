using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncChat.Web.Formats.AgUi;

/// <summary>How AG-UI is written: camelCase, without fields that are absent.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AgUiEvent))]
[JsonSerializable(typeof(AgUiMessage))]
[JsonSerializable(typeof(AgUiActivity))]
[JsonSerializable(typeof(AgUiSources))]
[JsonSerializable(typeof(StoredAgUiRun))]
internal sealed partial class AgUiJson : JsonSerializerContext
{
    public static AgUiJson Relaxed { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

/// <summary>The activity `tool_progress`: the state of a tool call that runs.</summary>
internal sealed record AgUiActivity(string ToolCallId, string ToolName, string Status)
{
    public string? Message { get; init; }

    public int? Completed { get; init; }

    public int? Total { get; init; }
}

/// <summary>The activity `sources`: the sources of the answer so far.</summary>
internal sealed record AgUiSources(IReadOnlyList<AgUiSource> Sources);

internal sealed record AgUiSource(int Number, string Url, string Title);

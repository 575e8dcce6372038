using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncChat.Web.Formats.UiMessages;

/// <summary>How the AI SDK's stream is written: camelCase, without fields that are absent.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UiMessageChunk))]
[JsonSerializable(typeof(UiToolProgress))]
[JsonSerializable(typeof(UiPersonRequest))]
[JsonSerializable(typeof(StoredUiMessage))]
internal sealed partial class UiMessageJson : JsonSerializerContext
{
    public static UiMessageJson Relaxed { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

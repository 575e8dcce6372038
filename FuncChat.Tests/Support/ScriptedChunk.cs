using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FuncChat.Tests.Support;

/// <summary>The envelope that OpenAI puts around each chunk of a stream.</summary>
internal static class ScriptedChunk
{
    private static readonly JsonSerializerOptions Json = new()
    {
        // Providers send other scripts as UTF-8 and not as escapes, so that is what tests should meet.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The chunk as JSON: the envelope with these properties added.</summary>
    public static string From(object body)
    {
        var chunk = new JsonObject
        {
            ["id"] = "chatcmpl-scripted",
            ["object"] = "chat.completion.chunk",
            ["created"] = 1_700_000_000,
            ["model"] = "scripted",
        };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(body, Json)!.AsObject())
            chunk[name] = value?.DeepClone();
        return chunk.ToJsonString(Json);
    }
}

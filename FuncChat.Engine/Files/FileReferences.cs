using System.Text.Json;
using FuncChat.Engine.Models;

namespace FuncChat.Engine.Files;

/// <summary>Finds the files that messages refer to: parts such as `{"type":"file","file":{"file_id":"file_…"}}`.</summary>
public static class FileReferences
{
    /// <summary>The id of the file that a part refers to; null if it is no reference.</summary>
    public static string? IdOf(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object
        && part.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("file")
        && part.TryGetProperty("file", out var file) && file.ValueKind == JsonValueKind.Object
        && file.TryGetProperty("file_id", out var id) && id.ValueKind == JsonValueKind.String
            ? id.GetString()
            : null;

    /// <summary>How closely the model looks at the image that a part refers to, such as `high`; null if the provider decides.</summary>
    internal static string? DetailOf(JsonElement reference) => MessageJson.Text(reference.GetProperty("file"), "detail") is { } detail and not ("auto" or "original") ? detail : null;

    /// <summary>The ids in a message, in order.</summary>
    public static IEnumerable<string> In(JsonElement message) => ContentParts.Of(message).Select(IdOf).OfType<string>();

    /// <summary>Whether a message may refer to a file, without parsing it. JSON may escape any letter.</summary>
    internal static bool MayBeIn(ReadOnlySpan<byte> message) => message.IndexOf("file_"u8) >= 0 || message.IndexOf("\\u"u8) >= 0;
}

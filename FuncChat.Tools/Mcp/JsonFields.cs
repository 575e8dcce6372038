using System.Text.Json;

namespace FuncChat.Tools.Mcp;

/// <summary>Reads fields of a server's JSON. One that is not valid counts as missing, and so does one of what is not an object.</summary>
internal static class JsonFields
{
    public static JsonElement FieldIn(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object ? OrMissing(() => parent.TryGetProperty(name, out var field) ? field : default) : default;

    public static string? TextIn(JsonElement parent, string name) =>
        FieldIn(parent, name) is { ValueKind: JsonValueKind.String } text ? OrMissing(text.GetString) : null;

    // A name or a text with half a surrogate pair can't be read.
    private static T? OrMissing<T>(Func<T?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return default;
        }
    }
}

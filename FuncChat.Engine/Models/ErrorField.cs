using System.Runtime.InteropServices;
using System.Text.Json;

namespace FuncChat.Engine.Models;

/// <summary>The field `error` of an event. Some gateways send it with each, empty where there is none: `null`, `""`, `{}`, or `{"code":0,"message":""}`.</summary>
internal static class ErrorField
{
    /// <summary>Whether the value that comes next, which is read, reports nothing.</summary>
    public static bool ReadIsEmpty(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.Null)
            return true;
        using var value = JsonDocument.ParseValue(ref reader);
        return IsEmpty(value.RootElement);
    }

    /// <summary>Whether a value reports nothing.</summary>
    public static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => JsonMarshal.GetRawUtf8Value(value).Length == "\"\"".Length,
        JsonValueKind.Number => value.TryGetDouble(out var number) && number == 0,
        JsonValueKind.Array => value.EnumerateArray().All(IsEmpty),
        JsonValueKind.Object => value.EnumerateObject().All(static field => IsEmpty(field.Value)),
        _ => false,
    };
}

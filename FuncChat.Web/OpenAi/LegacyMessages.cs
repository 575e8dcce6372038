using System.Text.Json;
using System.Text.Json.Nodes;
using System.Runtime.InteropServices;
using FuncChat.Web.Http;

namespace FuncChat.Web.OpenAi;

/// <summary>
/// Writes messages of OpenAI's older API as those of the present one: an image as a plain URL, and functions, which preceded tools. Mistral's SDK sends the
/// arguments of a call as an object.
/// </summary>
internal static class LegacyMessages
{
    /// <summary>The messages as the present API has them; null if they already are, or are no array of objects.</summary>
    public static JsonDocument? Update(JsonElement messages)
    {
        if (messages.ValueKind != JsonValueKind.Array || !MayBeLegacy(JsonMarshal.GetRawUtf8Value(messages)))
            return null;
        var array = JsonArray.Create(messages)!;
        string? call = null;
        for (var place = 0; place < array.Count; place++)
        {
            if (array[place] is not JsonObject message)
                continue;
            UpdateImages(message);
            UpdateArguments(message);
            call = UpdateCall(message, place) ?? (UpdateResult(message, call) ? null : call);
        }

        return JsonDocument.Parse(array.ToJsonString());
    }

    // Only then are the messages copied: they may hold megabytes of images.
    private static bool MayBeLegacy(ReadOnlySpan<byte> json) =>
        Has(json, "\"image_url\""u8, "\""u8) || Has(json, "\"function_call\""u8, "{"u8) || Has(json, "\"role\""u8, "\"function\""u8)
        || Has(json, "\"arguments\""u8, "{"u8);

    private static bool Has(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        for (var at = json.IndexOf(name); at >= 0; at = json.IndexOf(name))
        {
            json = json[(at + name.Length)..];
            var rest = json.TrimStart(" \t\r\n"u8);
            if (rest.StartsWith(":"u8) && rest[1..].TrimStart(" \t\r\n"u8).StartsWith(value))
                return true;
        }

        return false;
    }

    private static void UpdateImages(JsonObject message)
    {
        foreach (var part in (message["content"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (part["image_url"] is JsonValue url && url.GetValueKind() == JsonValueKind.String)
                part["image_url"] = new JsonObject { ["url"] = url.DeepClone() };
        }
    }

    private static void UpdateArguments(JsonObject message)
    {
        foreach (var function in (message["tool_calls"] as JsonArray ?? []).OfType<JsonObject>().Select(call => call["function"]).OfType<JsonObject>())
        {
            if (function["arguments"] is JsonObject arguments)
                function["arguments"] = arguments.ToJsonString(WebJson.Relaxed.Options);
        }
    }

    // Returns the id of the call.
    private static string? UpdateCall(JsonObject message, int place)
    {
        if (message["function_call"] is not JsonObject call || message["tool_calls"] is JsonArray { Count: > 0 })
            return null;
        var id = $"call_function_{place}";
        message.Remove("function_call");
        message["tool_calls"] = new JsonArray(new JsonObject { ["id"] = id, ["type"] = "function", ["function"] = call.DeepClone() });
        return id;
    }

    private static bool UpdateResult(JsonObject message, string? call)
    {
        if (call is null || message["role"] is not JsonValue role || role.GetValueKind() != JsonValueKind.String || role.GetValue<string>() != "function")
            return false;
        message["role"] = "tool";
        message["tool_call_id"] = call;
        return true;
    }
}

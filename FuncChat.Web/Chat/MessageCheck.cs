using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Web.Http;

namespace FuncChat.Web.Chat;

/// <summary>Checks one OpenAI chat message by itself. What passes has a `role`, and what that role needs, of the right types.</summary>
internal static class MessageCheck
{
    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool"];

    // The last ones are what OpenAI itself puts into an assistant message, and clients send back as they got it.
    private static readonly string[] Fields =
        ["role", "content", "name", "tool_calls", "tool_call_id", "refusal", "annotations", "audio", "function_call", "reasoning_content"];

    public static AppError? FindFault(JsonElement message, string path)
    {
        if (message.ValueKind != JsonValueKind.Object)
            return JsonField.Fault(path, "A message must be an object with a role and a content.");
        foreach (var field in message.EnumerateObject())
        {
            if (!Fields.Contains(field.Name, StringComparer.Ordinal))
                return JsonField.Fault(JsonField.PathTo(path, field.Name), $"A message has no such field. The fields are: {string.Join(", ", Fields)}.");
        }

        if (!message.TryGetProperty("role", out var value) || !JsonField.TryGetText(value, out var role)
            || !Roles.Contains(role, StringComparer.Ordinal))
            return JsonField.Fault($"{path}.role", $"The role must be one of: {string.Join(", ", Roles)}.");
        var hasCalls = message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind != JsonValueKind.Null;
        if (hasCalls && (role == "assistant" ? FindFaultOfCalls(calls, $"{path}.tool_calls") : JsonField.Fault(
            $"{path}.tool_calls", "Only the assistant calls tools.")) is { } fault)
            return fault;
        if (role == "tool" && (!message.TryGetProperty("tool_call_id", out var id) || !JsonField.TryGetText(id, out _)))
            return JsonField.Fault($"{path}.tool_call_id", "A tool message must name the call that it answers.");
        var content = message.TryGetProperty("content", out var given) ? given : default;
        return FindFaultOfContent(content, $"{path}.content", mayBeAbsent: hasCalls);
    }

    private static AppError? FindFaultOfContent(JsonElement content, string path, bool mayBeAbsent)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                return JsonField.TryGetText(content, out _) ? null : JsonField.Fault(path, "This is not valid Unicode.");
            case JsonValueKind.Undefined or JsonValueKind.Null when mayBeAbsent:
                return null;
            case JsonValueKind.Array when content.GetArrayLength() > 0:
                var index = 0;
                foreach (var part in content.EnumerateArray())
                {
                    if (FindFaultOfPart(part, $"{path}[{index++}]") is { } fault)
                        return fault;
                }

                return null;
            default:
                return JsonField.Fault(path, "The content must be a string, or an array of parts.");
        }
    }

    private static AppError? FindFaultOfPart(JsonElement part, string path)
    {
        if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("type", out var value) || !JsonField.TryGetText(value, out var type))
            return JsonField.Fault(path, "A part must be an object with a type, such as {\"type\":\"text\",\"text\":\"Hello\"}.");
        return type switch
        {
            "text" when part.TryGetProperty("text", out var text) && JsonField.TryGetText(text, out _) => null,
            "text" => JsonField.Fault($"{path}.text", "A text part must have a text."),
            "image_url" => FindFaultOfImage(part, path),
            "input_audio" or "file" or "refusal" => null,
            _ => JsonField.Fault($"{path}.type", "The type must be one of: text, image_url, input_audio, file, refusal."),
        };
    }

    // The provider fetches it, not this server; but nobody should be handed another kind of address.
    private static AppError? FindFaultOfImage(JsonElement part, string path) =>
        part.TryGetProperty("image_url", out var image) && image.ValueKind == JsonValueKind.Object
        && image.TryGetProperty("url", out var value) && JsonField.TryGetText(value, out var url)
        && (url!.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase)
            || (Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)))
            ? null
            : JsonField.Fault($"{path}.image_url.url", "An image must have an http, https or data:image URL.");

    private static AppError? FindFaultOfCalls(JsonElement calls, string path)
    {
        if (calls.ValueKind != JsonValueKind.Array || calls.GetArrayLength() == 0)
            return JsonField.Fault(path, "This must be an array of at least one tool call.");
        var index = 0;
        foreach (var call in calls.EnumerateArray())
        {
            var isSound = call.ValueKind == JsonValueKind.Object
                && call.TryGetProperty("id", out var id) && JsonField.TryGetText(id, out _)
                && call.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
                && function.TryGetProperty("name", out var name) && JsonField.TryGetText(name, out _)
                && function.TryGetProperty("arguments", out var arguments) && JsonField.TryGetText(arguments, out _);
            if (!isSound)
                return JsonField.Fault($"{path}[{index}]", "A tool call must have an id, and a function with a name and arguments, all strings.");
            index++;
        }

        return null;
    }
}

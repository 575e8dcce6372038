using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Web.Http;

namespace FuncChat.Web.Chat;

/// <summary>
/// Checks one OpenAI chat message. A valid message has a `role`, and what that role needs, of the right types. Everything that a server puts into
/// an assistant message is accepted, so that clients can send it back as they received it.
/// </summary>
internal static class MessageCheck
{
    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool"];

    private static readonly string[] Fields = ["role", "content", "name", "tool_calls", "tool_call_id"];

    // What OpenAI, other providers, gateways and this server put into an assistant message. None of it reaches another provider.
    private static readonly string[] AssistantFields =
    [
        .. Fields, "refusal", "annotations", "audio", "function_call", "reasoning_content", "reasoning", "reasoning_details", "thinking_blocks",
        "provider_data", "provider_specific_fields", "extra_content", "id", "type", "object", "model", "status", "phase", "prefix", "images", "citations",
        "search_results", "executed_tools", "parsed", "index", "created_at",
    ];

    private static readonly Field[] AssistantTypes =
    [
        new("refusal", FieldRules.AnyText), new("audio", FieldRules.AnyObject), new("function_call", FieldRules.AnyObject),
        new("annotations", FieldRules.ArrayOf(FieldRules.Any)),
    ];

    /// <summary>Checks the messages of a request one by one, whatever their order.</summary>
    public static AppError? FindErrorOfAll(JsonElement messages, string path = "$.messages")
    {
        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
            return JsonField.Error(path, "This must be an array of at least one message.");
        return messages.EnumerateArray().Select((message, index) => FindError(message, $"{path}[{index}]")).FirstOrDefault(error => error is not null);
    }

    /// <param name="isLenient">Whether unknown fields are ignored.</param>
    public static AppError? FindError(JsonElement message, string path, bool isLenient = false)
    {
        if (message.ValueKind != JsonValueKind.Object)
            return JsonField.Error(path, "A message must be an object with a role and a content.");
        if (!message.TryGetProperty("role", out var value) || !JsonField.TryGetText(value, out var role)
            || !Roles.Contains(role, StringComparer.Ordinal))
            return JsonField.Error($"{path}.role", $"The role must be one of: {string.Join(", ", Roles)}.");
        if (!isLenient && FindErrorOfFields(message, path, role == "assistant" ? AssistantFields : Fields) is { } unknown)
            return unknown;
        if (JsonField.TryGet(message, "name", out var name) && !JsonField.TryGetText(name, out _))
            return JsonField.Error($"{path}.name", "The name must be a string.");
        var hasCalls = JsonField.TryGet(message, "tool_calls", out var calls)
            && !(calls.ValueKind == JsonValueKind.Array && calls.GetArrayLength() == 0);
        if (hasCalls && (role == "assistant" ? FindErrorOfCalls(calls, $"{path}.tool_calls") : JsonField.Error(
            $"{path}.tool_calls", "Only an assistant message has tool calls.")) is { } error)
            return error;
        if (role == "tool" && (!message.TryGetProperty("tool_call_id", out var id) || !JsonField.TryGetText(id, out _)))
            return JsonField.Error($"{path}.tool_call_id", "A tool message must have the id of the call that it answers.");
        if (role == "assistant" && FieldRules.FindError(message, path, AssistantTypes) is { } wrong)
            return wrong;
        var content = message.TryGetProperty("content", out var given) ? given : default;
        return FindErrorOfContent(content, $"{path}.content", isAssistant: role == "assistant");
    }

    // A null is as good as absent, in a field that other APIs have.
    private static AppError? FindErrorOfFields(JsonElement message, string path, string[] known)
    {
        foreach (var field in message.EnumerateObject())
        {
            if (!known.Contains(field.Name, StringComparer.Ordinal)
                && !(field.Value.ValueKind == JsonValueKind.Null && AssistantFields.Contains(field.Name, StringComparer.Ordinal)))
                return JsonField.Error(JsonField.PathTo(path, field.Name), $"A message has no such field. The fields are: {string.Join(", ", known)}.");
        }

        return null;
    }

    private static AppError? FindErrorOfContent(JsonElement content, string path, bool isAssistant)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                return JsonField.TryGetText(content, out _) ? null : JsonField.Error(path, "This is not valid Unicode.");
            case JsonValueKind.Undefined or JsonValueKind.Null when isAssistant:
                return null;
            case JsonValueKind.Array when isAssistant || content.GetArrayLength() > 0:
                var index = 0;
                foreach (var part in content.EnumerateArray())
                {
                    if (PartCheck.FindError(part, $"{path}[{index++}]", isAssistant) is { } error)
                        return error;
                }

                return null;
            default:
                return JsonField.Error(path, "The content must be a string, or an array of parts.");
        }
    }

    private static AppError? FindErrorOfCalls(JsonElement calls, string path)
    {
        if (calls.ValueKind != JsonValueKind.Array)
            return JsonField.Error(path, "This must be an array of tool calls.");
        var index = 0;
        foreach (var call in calls.EnumerateArray())
        {
            var isValid = call.ValueKind == JsonValueKind.Object
                && call.TryGetProperty("id", out var id) && JsonField.TryGetText(id, out _)
                && call.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
                && function.TryGetProperty("name", out var name) && JsonField.TryGetText(name, out _)
                && function.TryGetProperty("arguments", out var arguments) && JsonField.TryGetText(arguments, out _);
            if (!isValid)
                return JsonField.Error($"{path}[{index}]", "A tool call must have an id, and a function with a name and arguments, all strings.");
            index++;
        }

        return null;
    }
}

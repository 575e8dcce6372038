using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Web.Http;

namespace FuncChat.Web.Chat;

/// <summary>Checks a conversation: each message by itself (<see cref="MessageCheck"/>), and that tool messages answer calls, all of them.</summary>
internal sealed class ConversationCheck(int maxMessages)
{
    private readonly HashSet<string> _openCalls = new(StringComparer.Ordinal);

    public AppError? FindFault(JsonElement messages)
    {
        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
            return JsonField.Fault("$.messages", "This must be an array of at least one message.");
        if (messages.GetArrayLength() > maxMessages)
            return JsonField.Fault("$.messages", $"There are more than the {maxMessages} messages that this server takes.");

        var index = 0;
        var role = "";
        foreach (var message in messages.EnumerateArray())
        {
            var path = $"$.messages[{index++}]";
            if (MessageCheck.FindFault(message, path) is { } fault)
                return fault;
            role = message.GetProperty("role").GetString()!;
            if (FindFaultOfPlace(message, role, path) is { } misplaced)
                return misplaced;
        }

        var last = $"$.messages[{index - 1}]";
        if (_openCalls.Count > 0)
            return JsonField.Fault(last, $"The tool call '{_openCalls.First()}' has no tool message that answers it.");
        return role == "assistant" ? JsonField.Fault($"{last}.role", "The last message can't be the assistant's: there is nothing to answer.") : null;
    }

    private AppError? FindFaultOfPlace(JsonElement message, string role, string path)
    {
        if (role == "tool")
        {
            var id = message.GetProperty("tool_call_id").GetString()!;
            return _openCalls.Remove(id)
                ? null
                : JsonField.Fault($"{path}.tool_call_id", "No call of the assistant message before has this id.");
        }

        if (_openCalls.Count > 0)
            return JsonField.Fault($"{path}.role", $"A tool message that answers the call '{_openCalls.First()}' must come first.");
        if (role != "assistant" || !message.TryGetProperty("tool_calls", out var calls) || calls.ValueKind != JsonValueKind.Array)
            return null;
        foreach (var call in calls.EnumerateArray())
        {
            if (!_openCalls.Add(call.GetProperty("id").GetString()!))
                return JsonField.Fault($"{path}.tool_calls", "Two calls have the same id.");
        }

        return null;
    }
}

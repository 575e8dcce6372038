using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Web.Http;

namespace FuncChat.Web.Chat;

/// <summary>
/// Checks a conversation: each message (<see cref="MessageCheck"/>), and that every tool call has a tool message that answers it, or no call of its message has
/// one (<see cref="UnansweredCalls"/>).
/// </summary>
/// <param name="isLenient">Whether unknown fields of messages are ignored. They never reach a provider.</param>
/// <param name="stored">How many of the messages the client did not send. They do not count towards the limit.</param>
/// <param name="result">The client's name of what answers a call.</param>
/// <param name="pathOf">Returns the JSON path of a message, from its position; that in the field `messages` by default.</param>
internal sealed class ConversationCheck(int maxMessages, bool isLenient = false, int stored = 0, string result = "tool message", Func<int, string>? pathOf = null)
{
    private readonly HashSet<string> _openCalls = new(StringComparer.Ordinal);
    private bool _hasResults;

    public AppError? FindError(JsonElement messages)
    {
        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
            return JsonField.Error("$.messages", "This must be an array of at least one message.");
        if (messages.GetArrayLength() - stored > maxMessages)
            return JsonField.Error("$.messages", $"There are more than the {maxMessages} messages that this server accepts.");

        var count = messages.GetArrayLength();
        if (FindErrorOfOrder(messages.EnumerateArray()) is { } error)
            return error;
        var last = PathOf(count - 1);
        if (_openCalls.Count > 0)
            return JsonField.Error(last, $"The tool call '{_openCalls.First()}' has no {result} that answers it.");

        // A model continues an assistant message at the end, where there is one to continue.
        return IsEmptyAnswer(messages[count - 1]) ? JsonField.Error($"{last}.content", "The last message is an empty answer: there is nothing to continue.") : null;
    }

    /// <summary>Checks messages that others follow: calls at their end may be answered later.</summary>
    public AppError? FindErrorOfOrder(IEnumerable<JsonElement> messages)
    {
        var index = 0;
        foreach (var message in messages)
        {
            var path = PathOf(index++);
            if ((MessageCheck.FindError(message, path, isLenient) ?? FindErrorOfPlace(message, path)) is { } error)
                return error;
        }

        return null;
    }

    private string PathOf(int index) => pathOf?.Invoke(index) ?? $"$.messages[{index}]";

    private AppError? FindErrorOfPlace(JsonElement message, string path)
    {
        var role = message.GetProperty("role").GetString();
        if (role == "tool")
        {
            var id = message.GetProperty("tool_call_id").GetString()!;
            _hasResults = true;
            return _openCalls.Remove(id)
                ? null
                : JsonField.Error($"{path}.tool_call_id", "No call of the assistant message before has this id.");
        }

        if (_openCalls.Count > 0 && _hasResults)
            return JsonField.Error($"{path}.role", $"A {result} that answers the call '{_openCalls.First()}' must come first.");
        _openCalls.Clear();
        if (role != "assistant" || !message.TryGetProperty("tool_calls", out var calls) || calls.ValueKind != JsonValueKind.Array)
            return null;
        _hasResults = false;
        foreach (var call in calls.EnumerateArray())
        {
            if (!_openCalls.Add(call.GetProperty("id").GetString()!))
                return JsonField.Error($"{path}.tool_calls", "Two calls have the same id.");
        }

        return null;
    }

    private static bool IsEmptyAnswer(JsonElement message) =>
        message.GetProperty("role").ValueEquals("assistant")
        && (!message.TryGetProperty("content", out var content)
            || content.ValueKind == JsonValueKind.Null
            || (content.ValueKind == JsonValueKind.String && content.ValueEquals(""))
            || (content.ValueKind == JsonValueKind.Array && content.GetArrayLength() == 0));
}

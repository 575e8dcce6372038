using System.Text;
using System.Text.Json;
using FuncChat.Web.Chat;
using FuncChat.Web.Formats.AgUi;
using FuncChat.Web.Http;

namespace FuncChat.Web.AgUi;

/// <summary>
/// Writes messages of AG-UI as OpenAI's chat messages. Calls without a result are left out, as are reasoning and activities, which only the page shows.
/// </summary>
internal sealed class AgUiConversation
{
    private readonly ConversationWriter _writer;
    private readonly Dictionary<string, string> _results = new(StringComparer.Ordinal);

    // The calls that a run added to a message of an earlier run, by the id of that message.
    private readonly Dictionary<string, JsonElement> _laterCalls = new(StringComparer.Ordinal);

    private AgUiConversation(ConversationWriter writer) => _writer = writer;

    /// <param name="context">What the page tells the agent about itself, as `RunAgentInput` has it.</param>
    /// <param name="messages">An array of valid messages.</param>
    public static WrittenConversation Write(JsonElement context, JsonElement messages)
    {
        using var writer = new ConversationWriter();
        var conversation = new AgUiConversation(writer);
        if (TextOfContext(context) is { Length: > 0 } text)
            writer.Text("system", text);
        foreach (var message in messages.EnumerateArray().Where(message => JsonField.TextOf(message, "role") == "tool"))
        {
            conversation._results[JsonField.TextOf(message, "toolCallId")!] = JsonField.TextOf(message, "error") is { Length: > 0 } error ? error : ContentOf(message);
        }

        conversation.FindLaterCalls(messages);
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            writer.Origin = index++;
            conversation.WriteMessage(message);
        }

        return writer.End();
    }

    private void FindLaterCalls(JsonElement messages)
    {
        var assistants = messages.EnumerateArray().Where(message => JsonField.TextOf(message, "role") == "assistant" && JsonField.TextOf(message, "id") is not null).ToList();
        var ids = assistants.Select(message => JsonField.TextOf(message, "id")).ToHashSet(StringComparer.Ordinal);
        foreach (var message in assistants)
        {
            if (AgUiTranscript.EarlierOf(JsonField.TextOf(message, "id")!) is { } earlier && ids.Contains(earlier) && ContinuesCalls(message))
                _laterCalls[earlier] = message;
        }
    }

    private void WriteMessage(JsonElement message)
    {
        switch (JsonField.TextOf(message, "role"))
        {
            case "system" or "developer":
                _writer.Text("system", ContentOf(message));
                break;
            case "user":
                WriteUser(message);
                break;
            case "assistant":
                WriteAssistant(message);
                break;
        }
    }

    private void WriteUser(JsonElement message)
    {
        _writer.StartUser();
        if (message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in content.EnumerateArray())
                WritePart(part);
        }
        else
        {
            _writer.UserText(ContentOf(message));
        }

        _writer.EndUser();
    }

    private void WritePart(JsonElement part)
    {
        if (JsonField.TextOf(part, "type") == "text")
        {
            _writer.UserText(JsonField.TextOf(part, "text")!);
            return;
        }

        if (JsonField.TextOf(part, "type") == "binary")
        {
            var mimeType = JsonField.TextOf(part, "mimeType")!;
            _writer.UserFile(JsonField.TextOf(part, "url") ?? $"data:{mimeType};base64,{JsonField.TextOf(part, "data")}", mimeType, JsonField.TextOf(part, "filename"));
            return;
        }

        var source = part.GetProperty("source");
        var (value, type) = (JsonField.TextOf(source, "value")!, JsonField.TextOf(source, "mimeType"));
        if (JsonField.TextOf(source, "type") == "data")
            _writer.UserFile($"data:{type};base64,{value}", type!, null);
        else
            _writer.UserFile(value, type ?? (JsonField.TextOf(part, "type") == "image" ? "image/*" : "application/octet-stream"), null);
    }

    private void WriteAssistant(JsonElement message)
    {
        var id = JsonField.TextOf(message, "id");
        if (id is not null && AgUiTranscript.EarlierOf(id) is { } earlier && _laterCalls.ContainsKey(earlier) && ContinuesCalls(message))
            return;
        var calls = new List<AnsweredCall>();
        var isComplete = AddCalls(message, calls);
        if (id is not null && _laterCalls.TryGetValue(id, out var later))
            isComplete &= AddCalls(later, calls);

        // What the provider wants back refers to all calls of the message.
        _writer.Assistant(ContentOf(message), calls, isComplete ? ProviderDataOf(message) : null);
    }

    // Of this server, such a message has nothing else.
    private static bool ContinuesCalls(JsonElement message) => ContentOf(message).Length == 0;

    /// <returns>Whether all calls of the message have a result.</returns>
    private bool AddCalls(JsonElement message, List<AnsweredCall> calls)
    {
        if (!message.TryGetProperty("toolCalls", out var sent) || sent.ValueKind != JsonValueKind.Array)
            return true;
        var isComplete = true;
        foreach (var call in sent.EnumerateArray())
        {
            var function = call.GetProperty("function");
            if (JsonField.TextOf(call, "id") is { } id && JsonField.TextOf(function, "name") is { Length: > 0 } name && _results.TryGetValue(id, out var result))
                calls.Add(new AnsweredCall(id, name, JsonField.TextOf(function, "arguments") is { Length: > 0 } arguments ? arguments : "{}", result));
            else
                isComplete = false;
        }

        return isComplete;
    }

    // As this server sent it with the message.
    private static JsonElement? ProviderDataOf(JsonElement message) =>
        JsonField.TextOf(message, "encryptedValue") is { } value && SentProviderData.IsOwn(value) ? SentProviderData.Parse(value) : null;

    private static string ContentOf(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content))
            return "";
        if (content.ValueKind != JsonValueKind.Array)
            return content.ValueKind == JsonValueKind.String ? content.GetString()! : "";
        return string.Concat(content.EnumerateArray().Select(part => JsonField.TextOf(part, "text")));
    }

    private static string TextOfContext(JsonElement context)
    {
        if (context.ValueKind != JsonValueKind.Array)
            return "";
        var text = new StringBuilder();
        foreach (var entry in context.EnumerateArray())
        {
            if (JsonField.TextOf(entry, "value") is { Length: > 0 } value)
                text.Append(text.Length > 0 ? "\n\n" : "").Append(JsonField.TextOf(entry, "description")).Append(":\n").Append(value);
        }

        return text.ToString();
    }
}

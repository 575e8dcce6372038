using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Web.Chat;
using FuncChat.Web.Http;

namespace FuncChat.Web.UiChat;

/// <summary>
/// Writes messages of the AI SDK as OpenAI's chat messages: each step of an assistant message is a message, followed by the results of its tool calls. Calls
/// without a result are left out, as are parts that only the page shows.
/// </summary>
internal static class UiConversation
{
    /// <param name="instructions">A system message that precedes the others; null for none.</param>
    /// <param name="messages">An array.</param>
    public static Result<WrittenConversation> Write(string? instructions, JsonElement messages)
    {
        using var writer = new ConversationWriter();
        if (instructions is not null)
            writer.Text("system", instructions);
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            writer.Origin = index;
            if (WriteMessage(writer, message, $"$.messages[{index++}]") is { } error)
                return error;
        }

        return writer.End();
    }

    private static AppError? WriteMessage(ConversationWriter writer, JsonElement message, string path)
    {
        if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("parts", out var parts) || parts.ValueKind != JsonValueKind.Array)
            return JsonField.Error($"{path}.parts", "A message must have parts, such as [{\"type\":\"text\",\"text\":\"Hello\"}].");
        switch (UiMessageParts.TextOf(message, "role"))
        {
            case "system":
                writer.Text("system", string.Concat(parts.EnumerateArray().Where(IsText).Select(TextOf)));
                return null;
            case "user":
                return WriteUser(writer, parts, path);
            case "assistant":
                WriteAssistant(writer, parts);
                return null;
            default:
                return JsonField.Error($"{path}.role", "The role must be one of: system, user, assistant.");
        }
    }

    private static AppError? WriteUser(ConversationWriter writer, JsonElement parts, string path)
    {
        writer.StartUser();
        var place = 0;
        foreach (var part in parts.EnumerateArray())
        {
            var partPath = $"{path}.parts[{place++}]";
            switch (UiMessageParts.TypeOf(part))
            {
                case "text":
                    writer.UserText(TextOf(part));
                    break;
                case "file" when UiMessageParts.TextOf(part, "url") is { } url && UiMessageParts.TextOf(part, "mediaType") is { } type:
                    writer.UserFile(url, type, UiMessageParts.TextOf(part, "filename"));
                    break;
                case "file":
                    return JsonField.Error(partPath, "A file must have a mediaType and a url.");
                case null:
                    return JsonField.Error(partPath, "A part must be an object with a type.");
            }
        }

        writer.EndUser();
        return null;
    }

    private static void WriteAssistant(ConversationWriter writer, JsonElement parts)
    {
        var step = new UiStep();
        foreach (var part in parts.EnumerateArray())
        {
            // A message of another server may have no step boundaries.
            if (UiMessageParts.TypeOf(part) == "step-start" || (IsText(part) && step.HasCalls))
            {
                writer.Assistant(step.Text, step.Calls, step.ProviderData);
                step = new UiStep();
            }

            step.Add(part);
        }

        writer.Assistant(step.Text, step.Calls, step.ProviderData);
    }

    private static bool IsText(JsonElement part) => UiMessageParts.TypeOf(part) == "text";

    private static string TextOf(JsonElement part) => UiMessageParts.TextOf(part, "text") ?? "";
}

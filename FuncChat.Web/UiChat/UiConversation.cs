using System.Text.Json;
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
    /// <param name="messages">An array of valid messages.</param>
    public static WrittenConversation Write(string? instructions, JsonElement messages)
    {
        using var writer = new ConversationWriter();
        if (instructions is not null)
            writer.Text("system", instructions);
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            writer.Origin = index++;
            WriteMessage(writer, message);
        }

        return writer.End();
    }

    private static void WriteMessage(ConversationWriter writer, JsonElement message)
    {
        var parts = message.GetProperty("parts");
        switch (JsonField.TextOf(message, "role"))
        {
            case "system":
                writer.Text("system", string.Concat(parts.EnumerateArray().Where(IsText).Select(TextOf)));
                break;
            case "user":
                WriteUser(writer, parts);
                break;
            default:
                WriteAssistant(writer, parts);
                break;
        }
    }

    private static void WriteUser(ConversationWriter writer, JsonElement parts)
    {
        writer.StartUser();
        foreach (var part in parts.EnumerateArray())
        {
            if (IsText(part))
                writer.UserText(TextOf(part));
            else if (UiMessageParts.TypeOf(part) == "file")
                writer.UserFile(JsonField.TextOf(part, "url")!, JsonField.TextOf(part, "mediaType")!, JsonField.TextOf(part, "filename"));
        }

        writer.EndUser();
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

    private static string TextOf(JsonElement part) => JsonField.TextOf(part, "text") ?? "";
}

using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Turns;

namespace FuncChat.Web.Formats.UiMessages;

/// <summary>
/// What a message had before the turn that continues it with the results of the client's tools: for a client that reads the message from the beginning, and
/// replaces what it has of it.
/// </summary>
internal static class UiEarlierParts
{
    /// <param name="request">A turn. The message is what follows the last question of its conversation.</param>
    public static IReadOnlyList<UiMessageChunk> Of(TurnRequest request)
    {
        if (request is not ChatTurnRequest chat || UiMessageView.MessageIdOf(request) is null)
            return [];
        var serverTools = chat.Tools.Select(tool => tool.Name).ToHashSet(StringComparer.Ordinal);
        var chunks = new List<UiMessageChunk>();
        foreach (var message in chat.Messages)
        {
            using var document = JsonDocument.Parse(message.Utf8);
            switch (document.RootElement.GetProperty("role").GetString())
            {
                case "assistant":
                    Add(document.RootElement, serverTools, chunks);
                    break;
                case "tool":
                    var id = document.RootElement.GetProperty("tool_call_id").GetString()!;
                    chunks.Add(new UiMessageChunk("tool-output-available")
                    {
                        ToolCallId = id,
                        Output = UiToolCalls.OutputOf(TextOf(document.RootElement)),
                        Dynamic = chunks.FindLast(chunk => chunk.ToolCallId == id)?.Dynamic,
                    });
                    break;
                default:
                    chunks.Clear();
                    break;
            }
        }

        return chunks;
    }

    private static void Add(JsonElement message, HashSet<string> serverTools, List<UiMessageChunk> chunks)
    {
        if (chunks.Count > 0)
            chunks.Add(new UiMessageChunk("finish-step"));
        chunks.Add(new UiMessageChunk("start-step"));
        if (TextOf(message) is { Length: > 0 } text)
        {
            var id = $"earlier_{chunks.Count}";
            chunks.Add(new UiMessageChunk("text-start") { Id = id });
            chunks.Add(new UiMessageChunk("text-delta") { Id = id, Delta = JsonText.Of(text) });
            chunks.Add(new UiMessageChunk("text-end") { Id = id });
        }

        if (!message.TryGetProperty("tool_calls", out var calls) || calls.ValueKind != JsonValueKind.Array)
            return;
        foreach (var call in calls.EnumerateArray())
        {
            var function = call.GetProperty("function");
            var name = function.GetProperty("name").GetString()!;
            bool? isOfServer = serverTools.Contains(name) ? true : null;
            chunks.Add(new UiMessageChunk("tool-input-available")
            {
                ToolCallId = call.GetProperty("id").GetString(),
                ToolName = name,
                ProviderExecuted = isOfServer,
                Dynamic = isOfServer,
                Input = UiToolCalls.JsonOf(function.GetProperty("arguments").GetString()!),
            });
        }
    }

    private static string TextOf(JsonElement message) =>
        message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String ? content.GetString()! : "";
}

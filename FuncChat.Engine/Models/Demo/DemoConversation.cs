using System.Text.Json;
using FuncChat.Tools;

namespace FuncChat.Engine.Models.Demo;

/// <summary>The result of a tool call of this turn.</summary>
internal sealed record DemoToolResult(string Tool, string Content);

/// <summary>The parts of a conversation that the script depends on.</summary>
internal sealed record DemoConversation
{
    /// <summary>All system messages.</summary>
    public string Instructions { get; private set; } = "";

    /// <summary>The last user message.</summary>
    public string Question { get; private set; } = "";

    /// <summary>The tool results since that message.</summary>
    public IReadOnlyList<DemoToolResult> Results { get; private set; } = [];

    /// <summary>True where one user message is all that was said so far.</summary>
    public bool IsSingleQuestion { get; private set; }

    /// <summary>The words in all messages, which stand in for tokens.</summary>
    public int Words { get; private set; }

    public static DemoConversation Read(IReadOnlyList<ReadOnlyMemory<byte>> messages)
    {
        var conversation = new DemoConversation();
        var results = new List<DemoToolResult>();
        var toolOf = new Dictionary<string, string>(StringComparer.Ordinal);
        var said = 0;

        foreach (var message in messages)
        {
            using var document = JsonDocument.Parse(LoneSurrogates.Replace(message));
            var root = document.RootElement;
            var text = MessageJson.JoinText(root);
            conversation.Words += CountWords(text);
            switch (MessageJson.Text(root, "role"))
            {
                case "system" or "developer":
                    conversation.Instructions += text + "\n";
                    continue;
                case "user":
                    conversation.Question = text;
                    results.Clear();
                    break;
                case "assistant":
                    foreach (var call in MessageJson.ToolCalls(root))
                        toolOf[MessageJson.Text(call, "id") ?? ""] = MessageJson.Text(call.GetProperty("function"), "name") ?? "";
                    break;
                case "tool":
                    results.Add(new(toolOf.GetValueOrDefault(MessageJson.Text(root, "tool_call_id") ?? "", "tool"), UntrustedText.Inside(text)));
                    break;
            }

            said++;
        }

        conversation.Results = results;
        conversation.IsSingleQuestion = said == 1 && conversation.Question.Length > 0;
        return conversation;
    }

    private static int CountWords(string text)
    {
        var words = 0;
        var inWord = false;
        foreach (var letter in text)
        {
            words += !inWord && !char.IsWhiteSpace(letter) ? 1 : 0;
            inWord = !char.IsWhiteSpace(letter);
        }

        return words;
    }
}

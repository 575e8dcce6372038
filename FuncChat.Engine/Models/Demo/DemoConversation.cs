using System.Text.Json;
using System.Text.RegularExpressions;
using FuncChat.Tools;

namespace FuncChat.Engine.Models.Demo;

/// <summary>The result of a tool call of this turn.</summary>
internal sealed record DemoToolResult(string Tool, string Content);

/// <summary>The parts of a conversation that the script depends on.</summary>
internal sealed partial record DemoConversation
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
            using var document = JsonDocument.Parse(message);
            var root = document.RootElement;
            var text = ContentOf(root);
            conversation.Words += CountWords(text);
            switch (TextOf(root, "role"))
            {
                case "system" or "developer":
                    conversation.Instructions += text + "\n";
                    continue;
                case "user":
                    conversation.Question = text;
                    results.Clear();
                    break;
                case "assistant":
                    RememberCalls(root, toolOf);
                    break;
                case "tool":
                    results.Add(new(toolOf.GetValueOrDefault(TextOf(root, "tool_call_id"), "tool"), UntrustedText.Inside(text)));
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

    private static void RememberCalls(JsonElement message, Dictionary<string, string> toolOf)
    {
        if (!message.TryGetProperty("tool_calls", out var calls) || calls.ValueKind != JsonValueKind.Array)
            return;
        foreach (var call in calls.EnumerateArray())
        {
            if (call.ValueKind == JsonValueKind.Object && call.TryGetProperty("function", out var function))
                toolOf[TextOf(call, "id")] = TextOf(function, "name");
        }
    }

    // Either a string, or an array of parts of which only the text ones count.
    private static string ContentOf(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.Array)
            return TextOf(message, "content");
        return string.Join('\n', content.EnumerateArray().Select(part => TextOf(part, "text")).Where(text => text.Length > 0));
    }

    private static string TextOf(JsonElement json, string property)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(property, out var value) || value.ValueKind != JsonValueKind.String)
            return "";
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is legal JSON but no text.
            return JsonSerializer.Deserialize<string>(SurrogateEscape().Replace(value.GetRawText(), @"\ufffd"))!;
        }
    }

    [GeneratedRegex(@"\\u[dD][89a-fA-F][0-9a-fA-F]{2}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SurrogateEscape();
}

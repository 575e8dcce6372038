using System.Text.Json;
using System.Text.RegularExpressions;
using FuncChat.Tools;

namespace FuncChat.Engine.Models.Demo;

/// <summary>
/// Answers the model calls that tools make. They arrive through the same port as a user's and are recognized by their content: instructions that ask for
/// a JSON array of queries, or marked text from the web to summarize.
/// </summary>
internal static partial class DemoSubCall
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const int Timeout = 10_000;

    /// <summary>The answer; null if the call is not one of a tool.</summary>
    public static string? AnswerTo(DemoConversation conversation)
    {
        if (!conversation.IsSingleQuestion || conversation.Instructions.Length == 0)
            return null;

        var prompt = conversation.Question;
        var texts = UntrustedText.FindIn(prompt).SelectMany(Parts).ToList();
        if (conversation.Instructions.Contains("JSON array", StringComparison.OrdinalIgnoreCase))
            return Queries(prompt, isFollowUp: texts.Count > 0);
        return texts.Count switch
        {
            0 => null,
            1 => Extract(texts[0], sentences: 3),
            _ => "The first sentences of each source, picked by a script:\n\n"
                + string.Join('\n', texts.Select((text, index) => $"- {Extract(text, sentences: 1)} [{index + 1}]")),
        };
    }

    // Notes on several pages may come as one text, with a heading for each.
    private static IEnumerable<string> Parts(string text) =>
        NoteHeading().Count(text) > 1 ? NoteHeading().Split(text).Where(part => !string.IsNullOrWhiteSpace(part)) : [text];

    private static string Extract(string text, int sentences) =>
        DemoText.FirstSentences(text, sentences, most: 500) is { Length: > 0 } extract ? extract : "The page holds no text.";

    private static string Queries(string prompt, bool isFollowUp)
    {
        var question = prompt.Split('\n').Select(line => Label().Replace(line, "").Trim()).FirstOrDefault(line => line.Length > 0) ?? prompt;
        var query = DemoText.Cut(question.TrimEnd('?', '.', '!', ' '), 200);
        return JsonSerializer.Serialize<string[]>([isFollowUp ? $"{query} in detail" : query], EngineJson.ReadableOptions);
    }

    [GeneratedRegex(@"^(?=## [^\n]*\nhttps?://)", Options | RegexOptions.Multiline, Timeout)]
    private static partial Regex NoteHeading();

    [GeneratedRegex(@"^\s*(the\s+)?(question|topic|query)\s*:", Options, Timeout)]
    private static partial Regex Label();
}

using System.Text.Json;
using System.Text.RegularExpressions;

namespace FuncChat.Engine.Models.Demo;

/// <summary>Answers calls that ask for a plan: a real one in shape, made of the question's own words by a script.</summary>
internal static partial class DemoPlan
{
    /// <summary>The name of the schema that asks for it.</summary>
    public const string SchemaName = "plan";

    private const int LongestQuestion = 200;
    private const int MostWords = 6;

    public static string For(DemoConversation conversation)
    {
        var lines = conversation.Question.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var question = DemoText.Cut(lines.FirstOrDefault() ?? "", LongestQuestion);
        var words = Word().Matches(question).Select(match => match.Value.ToLowerInvariant()).Distinct().Take(MostWords).ToArray();

        // An earlier plan's questions come back with their answers: then nothing is asked again.
        var isAnswered = lines.Length > 1;
        string[][] keywords = words.Length == 0 ? [] : [words, [.. words.Take(MostWords - 1), "overview"]];
        string[] questions = isAnswered ? [] : ["What do you want the answer for?"];
        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["reasoning"] = $"I am a script, not an AI, and make a plan of the words in “{question}”. "
                + (isAnswered ? "You have answered my question, so I ask none." : "A real model would think about them here."),
            ["text"] = "1. Search the web for the question's words.\n2. Read the best pages.\n3. Answer from them, and name the sources.",
            ["search_keywords"] = keywords,
            ["questions"] = questions,
            ["persona"] = "a careful librarian",
            ["complexity"] = words.Length > 4 ? "moderate" : "simple",
        }, EngineJson.ReadableOptions);
    }

    [GeneratedRegex(@"[\p{L}\p{N}]{4,40}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Word();
}

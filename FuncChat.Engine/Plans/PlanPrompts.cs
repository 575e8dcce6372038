using System.Globalization;
using System.Text;
using FuncChat.Engine.Chat;
using FuncChat.Tools;

namespace FuncChat.Engine.Plans;

/// <summary>The prompts for a plan.</summary>
internal static class PlanPrompts
{
    private const int LongestRepeated = 20_000;

    /// <summary>The messages that ask for a plan. They include the schema, for models that do not support one.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Ask(PlanTurnRequest request, DateTimeOffset now) =>
    [
        PlainMessage.Write("system", string.Create(CultureInfo.InvariantCulture, $"""
            You plan how to answer a question, with web searches if facts must be looked up. You do not answer it.
            Today is {now:yyyy-MM-dd}. Plan no more than the question needs: a simple one may need no search at all, a complex one up to ten.
            Ask back only what would change the plan. Write in the language of the question.
            Answer with one JSON object of this JSON Schema, and nothing else:
            {PlanSchema.Json}
            """)),
        PlainMessage.Write("user", Question(request)),
    ];

    /// <summary>The same messages, with the model's answer and its error.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Repair(IReadOnlyList<ReadOnlyMemory<byte>> asked, string answer, string error) =>
    [
        .. asked,
        PlainMessage.Write("assistant", TextCut.Start(answer, LongestRepeated)),
        PlainMessage.Write("user", $"That is not a plan of the given JSON Schema. {error} Give the whole plan again, as one JSON object, and nothing else."),
    ];

    private static string Question(PlanTurnRequest request)
    {
        if (request.Answers.Count == 0)
            return request.Query;
        var text = new StringBuilder(request.Query).Append("\n\nYou asked before, and I answered:\n");
        foreach (var answer in request.Answers)
            text.Append($"\n- You: {answer.Question}\n  I: {answer.Answer}");
        return text.Append("\n\nMake the plan with these answers, and do not ask the same again.").ToString();
    }
}

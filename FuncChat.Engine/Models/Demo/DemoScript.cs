using Microsoft.Extensions.AI;

namespace FuncChat.Engine.Models.Demo;

/// <summary>A tool call that the script makes.</summary>
/// <param name="Arguments">A JSON object.</param>
internal sealed record DemoToolCall(string Tool, string Arguments);

/// <summary>The text of an answer, and the tool calls after it.</summary>
internal sealed record DemoAnswer(string Text, IReadOnlyList<DemoToolCall> Calls);

/// <summary>The script: the next answer in a conversation.</summary>
internal static class DemoScript
{
    /// <param name="offered">The tools that may be called.</param>
    public static DemoAnswer AnswerTo(DemoConversation conversation, IReadOnlyList<AIFunctionDeclaration> offered)
    {
        if (offered.Count == 0 && DemoSubCall.AnswerTo(conversation) is { } subAnswer)
            return new(subAnswer, []);
        if (conversation.Results.Count > 0)
            return new(DemoReport.Of(conversation.Results), []);

        var asked = DemoRequests.In(conversation.Question);
        var names = offered.Select(tool => tool.Name).ToList();
        IReadOnlyList<DemoToolCall> calls = [.. asked.Where(call => names.Contains(call.Tool))];
        if (calls.Count == 0)
            calls = DemoNamedTools.In(conversation.Question, offered);
        return calls.Count > 0
            ? new($"Calling {DemoText.ToolNames(calls)} as requested.", calls)
            : new(DemoIntroduction.For(conversation.Question, asked, names), []);
    }
}

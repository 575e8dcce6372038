namespace FuncChat.Engine.Models.Demo;

/// <summary>A tool call that the script makes.</summary>
/// <param name="Arguments">A JSON object.</param>
internal sealed record DemoToolCall(string Tool, string Arguments);

/// <summary>What the script says, and the tools that it calls then.</summary>
internal sealed record DemoAnswer(string Text, IReadOnlyList<DemoToolCall> Calls);

/// <summary>The script: what comes next in a conversation.</summary>
internal static class DemoScript
{
    /// <param name="offered">The tools that may be called, by name.</param>
    public static DemoAnswer AnswerTo(DemoConversation conversation, IReadOnlyList<string> offered)
    {
        if (offered.Count == 0 && DemoSubCall.AnswerTo(conversation) is { } subAnswer)
            return new(subAnswer, []);
        if (conversation.Results.Count > 0)
            return new(DemoReport.Of(conversation.Results), []);

        var asked = DemoRequests.In(conversation.Question);
        var calls = asked.Where(call => offered.Contains(call.Tool)).ToList();
        return calls.Count > 0 ? new($"I call {DemoText.ToolNames(calls)}, as you ask.", calls) : new(DemoIntroduction.For(conversation.Question, asked, offered), []);
    }
}

using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tools.Mcp;

/// <summary>A server's reply to a call: its result or, since the specification of 2026, questions that the client answers by retrying the call.</summary>
/// <param name="Text">The result; null if the server asks.</param>
/// <param name="Questions">The server's `inputRequests`.</param>
/// <param name="State">The server's `requestState`, which the retry returns. Stored with the run's steps, and never in an event: it may hold a secret.</param>
internal sealed record McpReply(string? Text, JsonElement? Questions, string? State)
{
    /// <summary>Asks the person the server's questions.</summary>
    /// <returns>The answers; none if the server only requests a retry.</returns>
    /// <exception cref="ToolQuestionException">One of them is not answered yet.</exception>
    /// <exception cref="ToolException">The server asks for something other than a form.</exception>
    public McpAnswers Answer(IToolRun? run, string server)
    {
        var questions = Questions?.Deserialize<IDictionary<string, InputRequest>>(McpJsonUtilities.DefaultOptions) ?? new Dictionary<string, InputRequest>();
        if (questions.Count == 0 && State is null)
            throw new ToolException($"The MCP server '{server}' asks a question without its text.");
        if (questions.Values.Any(question => question.Method != RequestMethods.ElicitationCreate))
            throw McpQuestion.NotSupported(server);

        // In the order of the server's reply, which is stored: answers are found by position.
        return new McpAnswers(
            questions.Count == 0
                ? null
                : questions.ToDictionary(
                    question => question.Key, question => InputResponse.FromElicitResult(McpQuestion.Ask(run, server, question.Value.ElicitationParams)), StringComparer.Ordinal),
            State);
    }
}

/// <summary>What a retry of a call returns to the server.</summary>
/// <param name="Responses">The `inputResponses`; null if the server asked no questions.</param>
internal sealed record McpAnswers(IDictionary<string, InputResponse>? Responses, string? State);

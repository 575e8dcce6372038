using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tools.Mcp;

/// <summary>A server's reply to a call: its result, or questions to the person, after which the call is repeated.</summary>
/// <param name="Text">The result; null if the server asks.</param>
/// <param name="Questions">The server's `inputRequests`.</param>
/// <param name="State">The server's `requestState`, which the retry returns. Stored with the run's steps, and never in an event: it may hold a secret.</param>
internal sealed record McpReply(string? Text, JsonElement? Questions, string? State)
{
    /// <summary>The user must sign in to the server.</summary>
    public static McpReply NotSignedIn { get; } = new(null, null, null) { RequiresSignIn = true };

    /// <summary>Whether the person must do what the server asks before the call is repeated as it was, without answers (error -32042 of the specification of 2025-11-25).</summary>
    public bool Repeats { get; init; }

    public bool RequiresSignIn { get; init; }

    /// <summary>The access that the sign-in must grant; null if the user is not signed in.</summary>
    public string? Scopes { get; init; }

    /// <summary>The user must sign in to the server again, and grant more access.</summary>
    public static McpReply NeedsAccess(ScopeSet scopes) => new(null, null, null) { Scopes = scopes.ToString() };

    /// <summary>The reply of a server that refuses the call until the person has opened pages.</summary>
    public static McpReply RetryAfter(IEnumerable<ElicitRequestParams> pages) => new(
        null,
        JsonSerializer.SerializeToElement(
            pages.Index().ToDictionary(page => page.Index.ToString("d6", CultureInfo.InvariantCulture), page => InputRequest.ForElicitation(page.Item)), McpJsonUtilities.DefaultOptions),
        null)
    {
        Repeats = true,
    };

    /// <summary>Asks the person the server's questions.</summary>
    /// <param name="earlier">The answers that the repeated call returned; null for its first attempt.</param>
    /// <returns>The answers; none if the server only requests a retry.</returns>
    /// <exception cref="ToolQuestionException">One of them is not answered yet.</exception>
    /// <exception cref="ToolException">The server asks for something that is not supported, or the person declined what the call needs.</exception>
    public McpAnswers? Answer(IToolRun? run, McpServerSettings server, McpAnswers? earlier)
    {
        if (Scopes is not null)
        {
            var message = $"The MCP server '{server.Name}' needs more access for this call: {ScopeSet.Parse(Scopes).Describe()}. Sign in to it again to grant it.";
            return run!.AskToAct(message, new OutsideAction(SignIn: server.Name)) ? earlier : throw new ToolException($"The user did not grant the MCP server '{server.Name}' more access.");
        }

        if (RequiresSignIn)
            return run!.AskToAct($"Sign in to the MCP server '{server.Name}'.", new OutsideAction(SignIn: server.Name)) ? earlier : throw new ToolException($"The user did not sign in to the MCP server '{server.Name}'.");
        var questions = ReadQuestions(server.Name);
        if (questions.Count == 0 && State is null)
            throw new ToolException($"The MCP server '{server.Name}' asks a question without its text.");

        // In the order of the server's reply, which is stored: answers are found by position.
        var answers = questions.Select(question => (question.Key, Result: McpQuestion.Ask(run, server, question.Asked))).ToList();
        if (Repeats)
            return answers.TrueForAll(answer => answer.Result.IsAccepted) ? earlier : throw new ToolException($"The user declined to open a page of the MCP server '{server.Name}'.");
        return new McpAnswers(
            answers.Count == 0 ? null : answers.ToDictionary(answer => answer.Key, answer => InputResponse.FromElicitResult(answer.Result), StringComparer.Ordinal), State);
    }

    /// <summary>Whether the server refuses the call until the person has opened pages, all of which the person has confirmed before.</summary>
    public bool IsConfirmed(string server, IReadOnlySet<string> confirmed) => PagesOf(server).ToList() is { Count: > 0 } pages && pages.TrueForAll(confirmed.Contains);

    /// <summary>The pages that the person confirmed when this reply was answered.</summary>
    public IEnumerable<string> PagesOf(string server) => Repeats ? ReadQuestions(server).Select(question => question.Asked?.Url ?? "") : [];

    // The server may have sent anything.
    private List<(string Key, ElicitRequestParams? Asked)> ReadQuestions(string server)
    {
        try
        {
            var asked = Questions is { } given ? JsonSerializer.SerializeToNode(given) : null;
            foreach (var (_, question) in asked as JsonObject ?? [])
                McpQuestion.Repair((question as JsonObject)?["params"]);
            var questions = asked?.Deserialize<IDictionary<string, InputRequest?>>(McpJsonUtilities.DefaultOptions) ?? new Dictionary<string, InputRequest?>();
            return questions.Values.All(question => question?.Method == RequestMethods.ElicitationCreate)
                ? [.. questions.Select(question => (question.Key, question.Value!.ElicitationParams))]
                : throw McpQuestion.NotSupported(server);
        }
        catch (Exception odd) when (odd is JsonException or ArgumentException)
        {
            throw McpQuestion.NotSupported(server);
        }
    }
}

/// <summary>What a retry of a call returns to the server.</summary>
/// <param name="Responses">The `inputResponses`; null if the server asked no questions.</param>
internal sealed record McpAnswers(IDictionary<string, InputResponse>? Responses, string? State);

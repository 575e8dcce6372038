using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Threads;
using FuncChat.Tools;
using FuncChat.Web.Files;
using FuncChat.Web.Formats.Responses;
using FuncChat.Web.Http;
using FuncChat.Web.OpenAi;
using FuncChat.Web.Threads;
using FuncChat.Web.Turns;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Responses;

/// <summary>
/// Reads the body of `POST /api/v1/responses`, which is untrusted. Fields that OpenAI's API has are honored, or refused by name if the answer would mean
/// something else without them; all others are ignored.
/// </summary>
internal sealed class ResponseRequestParser(
    ModelCatalog models, ToolCatalog tools, FileCheck files, PreviousResponses previous, ReferencedItems items, IOptions<HttpApiOptions> options, TimeProvider time)
{
    private static readonly (string Name, string Message)[] Refused =
    [
        ("prompt", "Prompt templates are not supported: send instructions and input."),
        ("max_tool_calls", "max_tool_calls is not supported: this server limits the rounds of tool calls itself."),
    ];

    /// <param name="turnId">The turn's id by the request's headers, if they have one.</param>
    public ValueTask<Result<ResponseRequest>> ParseAsync(
        ReadOnlyMemory<byte> body, string? turnId, ToolUser user, ThreadTurns threads, CancellationToken cancellationToken) =>
        RequestDocument.ReadAsync(body, root => ParseAsync(root, turnId, RequestJson.Fingerprint(body), user, threads, cancellationToken));

    private async ValueTask<Result<ResponseRequest>> ParseAsync(
        JsonElement body, string? turnId, string fingerprint, ToolUser user, ThreadTurns threads, CancellationToken cancellationToken)
    {
        var fields = new CompletionFields(body);
        var sampling = new SamplingOptions
        {
            Temperature = fields.Number("temperature", 0, 2),
            TopP = fields.Number("top_p", 0, 1),
            MaxTokens = fields.Limit("max_output_tokens"),
        };
        var stream = fields.Flag("stream");
        var asked = fields.Text("model");
        if (ResponseRules.FindError(body, stream) is { } invalid)
            return invalid;
        var settings = ResponseFields.Read(body, fields, time.GetUtcNow());
        if ((fields.Error ?? FindRefused(body, settings)) is { } error)
            return error;

        var input = await ReadInputAsync(body, settings, user, cancellationToken);
        if (!input.Succeeded)
            return input.Error;
        if (input.Value.Approvals.Count > 0)
            return ApprovalsOf(input.Value, settings.PreviousResponseId, stream, settings.Background);
        var position = await FindPositionAsync(settings.Conversation, turnId, user, threads, cancellationToken);
        if (position?.Error is { } conflict)
            return conflict;
        var history = position?.Value is { } place
            ? new PreviousResponse([.. place.History.Select(new ClientToolNames(settings.Tools).WithInputs)], place.Thread?.Model)
            : await previous.ReadAsync(user.Id, settings.PreviousResponseId, threads, cancellationToken);
        if (!history.Succeeded)
            return history.Error;
        var conversation = ResponseConversation.Join(settings.Instructions, history.Value, input.Value);
        if (conversation.FindError(options.Value.MaxMessages, position?.Value?.History.Count ?? 0) is { } wrong)
            return wrong;
        if (!models.TryResolve(asked ?? history.Value.Model, out var model, out var unknown))
            return unknown;
        if (conversation.FindError(model) is { } unsupported)
            return unsupported;
        if (await conversation.FindErrorAsync(files, user.Id, model, settings.Conversation?.Id, cancellationToken) is { } missing)
            return missing;
        var selected = await ResponseTools.ReadAsync(body, tools, user, cancellationToken);
        if (!selected.Succeeded)
            return selected.Error;
        var passedOn = ResponseOptions.Read(body, selected.Value.Names);
        if (!passedOn.Succeeded)
            return passedOn.Error;

        var stored = new StoredResponse(settings with { Model = asked ?? model.Id }, conversation.Instructions)
        {
            IncludesState = ResponseRules.IncludesState(body),
            ToolsBefore = history.Value.Tools?.ToolsCalledIn(history.Value.Messages, new ClientToolNames(settings.Tools)),
        };
        var turn = new ChatTurnRequest
        {
            Model = model.Id,
            Resolved = model,
            Messages = conversation.Messages,
            Tools = selected.Value.Server,
            ClientTools = selected.Value.Client.Count > 0 ? selected.Value.Client : null,
            ApprovedTools = selected.Value.Approved.Count > 0 ? selected.Value.Approved : null,
            AskedTools = selected.Value.Asked.Count > 0 ? selected.Value.Asked : null,
            Sampling = sampling,
            Options = passedOn.Value.Count > 0 ? passedOn.Value : null,
            Fingerprint = fingerprint,
            InBackground = settings.Background,
            ProtocolData = stored.ToJson(),

            // OpenAI's clients end a response by closing the connection, unless it runs in the background.
            StopsWithClient = turnId is null && !settings.Background,

            // A client whose user has approved all calls expects no request.
            AnswersRequests = settings.Store && selected.Value.Approved.Count == 0,
        };
        return new ResponseRequest(new TurnBody(turnId, turn)
        {
            NewTurnId = ResponseId.NewTurnId(),
            Stream = stream,
            AskedModel = asked ?? model.Id,
            Thread = position?.Value is { } at ? new ThreadBody(at, [.. input.Value.Messages.Select(each => each.Message)], conversation.All, 0) : null,
        });
    }

    // A conversation is a thread.
    private static async ValueTask<Result<ThreadPosition>?> FindPositionAsync(
        ConversationReference? conversation, string? turnId, ToolUser user, ThreadTurns threads, CancellationToken cancellationToken)
    {
        if (conversation is null)
            return null;
        return ThreadKey.IsThreadId(conversation.Id)
            ? await threads.FindAsync(new ThreadKey(user.Id, conversation.Id), turnId, parentId: null, IfRunning.Refuse, cancellationToken)
            : JsonField.Error("$.conversation", "The id of a conversation has 8 to 64 letters, digits, '_' and '-'.");
    }

    private async ValueTask<Result<ResponseInput>> ReadInputAsync(JsonElement body, ResponseSettings settings, ToolUser user, CancellationToken cancellationToken)
    {
        if (!body.TryGetProperty("input", out var input) || input.ValueKind == JsonValueKind.Null)
            return JsonField.Error("$.input", "The input is missing: send a text, such as \"Hello\", or an array of items.");
        var referenced = await items.ReadAsync(user.Id, input, withReasoning: settings.Store, cancellationToken);
        return referenced.Succeeded ? ResponseInput.Read(input, referenced.Value) : referenced.Error;
    }

    private static AppError? FindRefused(JsonElement body, ResponseSettings settings)
    {
        foreach (var (name, message) in Refused)
        {
            if (JsonField.TryGet(body, name, out var value))
                return JsonField.Error($"$.{name}", message);
        }

        return settings is { Background: true, Store: false } ? JsonField.Error("$.store", "A response in the background is stored: leave store out.")
            : settings is { Conversation: not null, PreviousResponseId: not null } ? JsonField.Error("$.conversation", "Send either conversation or previous_response_id.")
            : null;
    }

    private static Result<ResponseRequest> ApprovalsOf(ResponseInput input, string? previousId, bool stream, bool background)
    {
        var answers = input.Approvals.Select(answer => (Answer: answer, Id: ResponseId.ParseApproval(answer.RequestId))).ToList();
        var turnId = ResponseId.Parse(previousId)?.TurnId ?? answers[0].Id?.TurnId;
        if (answers.Find(each => each.Id is null || each.Id.Value.TurnId != turnId) is { Answer: { } wrong })
            return JsonField.Error($"{wrong.Path}.approval_request_id", "The response before has no such request.");
        var added = input.AfterApprovals ?? (previousId is null || input.Messages.Count == 0 ? null : input.Messages[0].Path);
        return added is not null
            ? JsonField.Error(added, "A response that waits for approvals continues with the items mcp_approval_response alone.")
            : new ResponseRequest(new ApprovalAnswers(turnId!, [.. answers.Select(each => (each.Id!.Value.RequestId, each.Answer))], stream, background)
            {
                Before = [.. input.Messages.Select(each => each.Message)],
                Requests = input.Requests,
            });
    }
}

/// <summary>What a request asks for: a new turn, or to continue one that waits for approvals.</summary>
internal sealed record ResponseRequest(TurnBody? Body, ApprovalAnswers? Answers)
{
    public ResponseRequest(TurnBody body)
        : this(body, null)
    {
    }

    public ResponseRequest(ApprovalAnswers answers)
        : this(null, answers)
    {
    }
}

/// <summary>Answers to the requests of a parked turn.</summary>
internal sealed record ApprovalAnswers(string TurnId, IReadOnlyList<(string RequestId, ApprovalAnswer Answer)> All, bool Stream, bool Background)
{
    /// <summary>The conversation before them, of a client that sends all of it.</summary>
    public IReadOnlyList<RawJson> Before { get; init; } = [];

    /// <summary>The requests that such a client repeats.</summary>
    public IReadOnlyList<SentApprovalRequest> Requests { get; init; } = [];
}

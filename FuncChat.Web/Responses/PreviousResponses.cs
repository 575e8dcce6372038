using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Threads;
using FuncChat.Engine.Turns;
using FuncChat.Web.Formats.OpenAiChat;
using FuncChat.Web.Formats.Responses;
using FuncChat.Web.Http;

namespace FuncChat.Web.Responses;

/// <summary>What a response inherits from the one before.</summary>
/// <param name="Messages">The conversation up to its end, without its instructions.</param>
/// <param name="Model">Its model; null if there is no response before.</param>
internal sealed record PreviousResponse(IReadOnlyList<RawJson> Messages, string? Model)
{
    public static PreviousResponse None { get; } = new([], null);

    /// <summary>The tools of the client in it and the ones before it.</summary>
    public ClientToolNames? Tools { get; init; }
}

/// <summary>Reads the responses that others continue. Any chat can be continued, whichever protocol started it.</summary>
internal sealed class PreviousResponses(StoredTurns turns, ConversationReader conversations, DeletedResponses deleted)
{
    private const string Path = "$.previous_response_id";

    /// <param name="threads">Continues the response if its process crashed: it could not be continued otherwise.</param>
    public async Task<Result<PreviousResponse>> ReadAsync(string user, string? responseId, ThreadTurns threads, CancellationToken cancellationToken)
    {
        if (responseId is null)
            return PreviousResponse.None;
        if (ResponseId.Parse(responseId) is not { } id)
            return NotFound(responseId);
        TurnEvent? last = null;
        var parts = 1;
        var outcome = new ChatOutcome();
        var key = new TurnKey(user, id.TurnId);
        var turn = await turns.ReadAsync(
            key,
            (_, turnEvent) =>
            {
                last = turnEvent;
                outcome.Add(turnEvent);
                parts += turnEvent is ParkedEvent ? 1 : 0;
            },
            cancellationToken);
        if (!turn.Succeeded)
            return turn.Error.Code == ErrorCode.NotFound ? NotFound(responseId) : turn.Error;
        var stored = StoredResponse.Of(turn.Value.Request.ProtocolData);
        if (turn.Value.Request is not ChatTurnRequest chat || stored?.Settings.Store == false || id.Part > parts
            || (await deleted.ReadAsync(key, parts, cancellationToken)).Contains(id.Part))
            return NotFound(responseId);
        if (last is not (CompleteEvent or ErrorEvent) && await threads.ContinueAbandonedAsync(key, cancellationToken) is { } failed)
            return failed;
        return last switch
        {
            CompleteEvent complete => Continued(complete.Messages),
            ErrorEvent when outcome.IsFilteredAnswer => await ReadFilteredAsync(key, cancellationToken) is { } messages ? Continued(messages) : NotFound(responseId),
            ParkedEvent => JsonField.Error(Path, "The response before waits for an approval: answer it with an input item mcp_approval_response."),
            ErrorEvent => JsonField.Error(Path, "The response before failed or was cancelled, so it can't be continued."),
            _ => JsonField.Error(Path, "The response before has not ended yet."),
        };

        PreviousResponse Continued(IReadOnlyList<RawJson> added)
        {
            var tools = stored is null ? null : new ClientToolNames(stored.Settings.Tools, stored.ToolsBefore, chat.Messages);
            var returned = tools is null ? added : added.Select(tools.WithInputs);
            return new([.. chat.Messages.Skip(stored?.Instructions ?? 0), .. returned], chat.Model) { Tools = tools };
        }
    }

    // What the model wrote before the filter cut it is in no message of the turn.
    private async Task<IReadOnlyList<RawJson>?> ReadFilteredAsync(TurnKey key, CancellationToken cancellationToken) =>
        (await conversations.ReadTurnAsync(key, cancellationToken))?.Transcript.Messages;

    private static AppError NotFound(string responseId) => new(ErrorCode.InvalidRequest, $"There is no response '{Shown(responseId)}'. It may have expired.")
    {
        Path = Path,
        Reason = "previous_response_not_found",
    };

    private static string Shown(string id) => id.Length <= 80 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') ? id : "…";
}

using System.Text.Json;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Threads;

/// <summary>A chat's turn that was stored.</summary>
/// <param name="Request">The request, with the whole conversation that the turn began with.</param>
/// <param name="Transcript">What the turn added.</param>
public sealed record PastTurn(ChatTurnRequest Request, TurnTranscript Transcript)
{
    /// <summary>The conversation after the turn.</summary>
    public IReadOnlyList<RawJson> Messages => [.. Request.Messages, .. Transcript.Messages];
}

/// <summary>Reads conversations for another turn to continue: from a thread, or from a turn without a thread.</summary>
public sealed class ConversationReader(ThreadStorage threads, TurnStorage turns, TurnKinds kinds)
{
    /// <summary>Reads a chat's turn, whether or not it has ended, without continuing it.</summary>
    /// <returns>Null if the user has no such turn, or it is no chat. Turns expire (<see cref="TurnOptions.Retention"/>).</returns>
    /// <exception cref="TurnStoreException">The store failed, or the turn is damaged.</exception>
    public async Task<PastTurn?> ReadTurnAsync(TurnKey key, CancellationToken cancellationToken)
    {
        await using var reader = await turns.OpenAsync(key, cancellationToken);
        return reader is not null && TurnHeader.Parse((await reader.ReadHeaderAsync(cancellationToken)).Span, kinds).Request is ChatTurnRequest request
            ? new PastTurn(request, await TurnTranscript.ReadAsync(reader, cancellationToken))
            : null;
    }

    /// <summary>
    /// Reads a chat's turn as <see cref="ReadTurnAsync"/> does, for callers that look through turns: a damaged turn can't continue, and must not keep its thread
    /// from being read or deleted.
    /// </summary>
    /// <exception cref="TurnStoreException">The store failed.</exception>
    internal async Task<FoundTurn> FindTurnAsync(TurnKey key, CancellationToken cancellationToken)
    {
        try
        {
            await using var reader = await turns.OpenAsync(key, cancellationToken);
            if (reader is null)
                return new FoundTurn(IsStored: false, Chat: null);
            if (TurnHeader.Parse((await reader.ReadHeaderAsync(cancellationToken)).Span, kinds).Request is not ChatTurnRequest request)
                return new FoundTurn(IsStored: true, Chat: null);
            var (transcript, damage) = await TurnTranscript.ReadReadableAsync(reader, cancellationToken);
            return new FoundTurn(IsStored: true, new PastTurn(request, transcript)) { IsDamaged = damage is not null };
        }
        catch (TurnStoreException e) when (e.Reason == TurnStoreFailure.Damaged)
        {
            return new FoundTurn(IsStored: true, Chat: null) { IsDamaged = true };
        }
    }

    /// <summary>The conversation of a thread's branch, without system messages.</summary>
    /// <param name="turnId">The last turn of the branch; null for an empty conversation.</param>
    /// <exception cref="TurnStoreException">The store failed, or a turn of the branch is damaged.</exception>
    public async Task<IReadOnlyList<RawJson>> ReadThreadAsync(ThreadDocument thread, string? turnId, CancellationToken cancellationToken)
    {
        var messages = new List<RawJson>();
        var path = thread.PathTo(turnId);
        var index = 0;
        await foreach (var content in threads.ReadTurnsAsync(thread.Key, path, cancellationToken))
        {
            var turn = path[index++];
            if (content?.IsDamaged == true)
                throw new TurnStoreException(TurnStoreFailure.Damaged, "A turn of a conversation can't be read.") { Error = ThreadErrors.DamagedTurn(turn.TurnId) };
            messages.AddRange((content?.Messages ?? []).Where(message => !IsSystem(message)));
            messages.AddRange(content?.Transcript?.Messages ?? []);
        }

        return messages;
    }

    /// <summary>Whether the message instructs the model (role `system` or `developer`): it applies to the turn that it was sent with.</summary>
    public static bool IsSystem(RawJson message)
    {
        using var document = JsonDocument.Parse(message.Utf8);
        return document.RootElement.GetProperty("role").GetString() is "system" or "developer";
    }
}

/// <summary>What a store has of a turn.</summary>
/// <param name="IsStored">Whether the turn is stored.</param>
/// <param name="Chat">Null if the turn is missing or no chat, or nothing of it can be read.</param>
internal sealed record FoundTurn(bool IsStored, PastTurn? Chat)
{
    /// <summary>Whether not all of the turn can be read.</summary>
    public bool IsDamaged { get; init; }
}

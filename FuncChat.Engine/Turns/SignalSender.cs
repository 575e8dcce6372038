using FuncChat.Engine.Store;
using FuncChat.Engine.Usage;

namespace FuncChat.Engine.Turns;

/// <summary>Checks the answers to a turn's requests against its events, and stores them. Of several answers to one request, the first counts.</summary>
internal sealed class SignalSender(TurnStorage storage, TurnUsage usage, TurnKinds kinds, IServiceProvider scope)
{
    /// <returns>Why the turn can't receive the signal; null if it is stored.</returns>
    public async Task<AppError?> SendAsync(TurnKey key, TurnSignal signal, CancellationToken cancellationToken)
    {
        await using var reader = await storage.OpenAsync(key, cancellationToken);
        if (reader is null)
            return TurnErrors.NotFound;
        if (await FirstAnswerAsync(key, signal, cancellationToken) is { } earlier)
            return earlier.IsSameAnswer(signal) ? null : TurnErrors.AlreadyAnswered;
        var handler = kinds.Create(key, TurnHeader.Parse(reader.Header.Span, kinds).Request, scope).Value;
        var replay = await TurnReplay.RunAsync(reader, handler, cancellationToken);
        if (replay.Status == TurnStatus.Ended)
            return TurnErrors.AlreadyEnded;
        if (handler is not null && await handler.FindErrorAsync(signal, cancellationToken) is { } error)
            return error;
        await storage.SendAsync(key, signal, cancellationToken);
        usage.CountBytes(key.User, signal.ToLine().Length);

        // Another answer may have been stored at the same time. The store's order decides, on all instances alike.
        return await FirstAnswerAsync(key, signal, cancellationToken) is { } first && !first.IsSameAnswer(signal) ? TurnErrors.AlreadyAnswered : null;
    }

    private async Task<TurnSignal?> FirstAnswerAsync(TurnKey key, TurnSignal signal, CancellationToken cancellationToken) => signal.RequestId is null
        ? null
        : (await storage.OpenInbox(key).ReadAsync(cancellationToken)).FirstOrDefault(sent => sent.RequestId == signal.RequestId);
}

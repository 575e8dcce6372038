using FuncChat.Engine.Store;
using FuncChat.Engine.Usage;

namespace FuncChat.Engine.Turns;

/// <summary>Checks the answers to a turn's requests against its events, and stores them. Of several answers to one request, the first counts. Stops turns elsewhere.</summary>
internal sealed class SignalSender(TurnStorage storage, TurnUsage usage)
{
    /// <returns>Why the turn can't receive the signal; null if it is stored.</returns>
    public async Task<AppError?> SendAsync(TurnKey key, ReplayedTurn turn, TurnSignal signal, CancellationToken cancellationToken)
    {
        if (await FirstAnswerAsync(key, signal, cancellationToken) is { } earlier)
            return signal.IsSameAs(earlier) ? null : RequestErrors.AlreadyAnswered;
        if (await FindNewErrorAsync(turn, signal, cancellationToken) is { } error)
            return error;
        await storage.SendAsync(key, signal, cancellationToken);
        usage.CountBytes(key.User, signal.ToLine().Length);

        // Another answer may have been stored at the same time. The store's order decides, on all instances alike.
        return await FirstAnswerAsync(key, signal, cancellationToken) is { } first && !signal.IsSameAs(first) ? RequestErrors.AlreadyAnswered : null;
    }

    /// <returns>Why the turn can't receive one of the signals, whatever it has received before; null if it can, or if they only come too late.</returns>
    public async Task<AppError?> FindInvalidAsync(TurnKey key, ReplayedTurn turn, IEnumerable<TurnSignal> signals, CancellationToken cancellationToken)
    {
        foreach (var signal in signals)
        {
            if (await FirstAnswerAsync(key, signal, cancellationToken) is null
                && await FindNewErrorAsync(turn, signal, cancellationToken) is { Code: not ErrorCode.Conflict } invalid)
                return invalid;
        }

        return null;
    }

    /// <summary>Stops a turn that another process runs. Requests that wait for its end stop it again and again, which is stored once.</summary>
    public async Task StopAsync(TurnKey key, CancellationToken cancellationToken)
    {
        if (!(await storage.OpenInbox(key).ReadAsync(cancellationToken)).Any(sent => sent.Type == TurnSignal.Stop))
            await storage.SendAsync(key, new TurnSignal(TurnSignal.Stop), cancellationToken);
    }

    private static async Task<AppError?> FindNewErrorAsync(ReplayedTurn turn, TurnSignal signal, CancellationToken cancellationToken)
    {
        await turn.ReadAsync(cancellationToken);
        if (turn.Replay.Status == TurnStatus.Ended)
            return RequestErrors.Dismissed;
        return turn.Handler.Value is { } handler ? await handler.FindErrorAsync(signal, cancellationToken) : null;
    }

    private async Task<TurnSignal?> FirstAnswerAsync(TurnKey key, TurnSignal signal, CancellationToken cancellationToken) => signal.RequestId is null
        ? null
        : (await storage.OpenInbox(key).ReadAsync(cancellationToken)).FirstOrDefault(sent => sent.RequestId == signal.RequestId);
}

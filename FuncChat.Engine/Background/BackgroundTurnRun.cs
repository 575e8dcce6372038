using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Background;

/// <summary>Follows a turn in the background, as its only follower if need be.</summary>
public static class BackgroundTurnRun
{
    /// <summary>Runs the turn, or waits while another process runs it, until it ends or is parked, or this process stops.</summary>
    /// <param name="turns">Of a scope that lives as long as the call.</param>
    /// <returns>The turn's status; <see cref="TurnStatus.Ended"/> if there is no such turn any more.</returns>
    /// <exception cref="TurnStoreException">The store failed, or the turn is damaged: then it can't run.</exception>
    public static async Task<TurnStatus> RunAsync(TurnService turns, TurnKey key, CancellationToken cancellationToken)
    {
        using var reads = turns.BeginAdmitted();
        var followed = await turns.FollowAsync(key, after: 0, cancellationToken);
        if (followed.Error == TurnErrors.Damaged)
            throw new TurnStoreException(TurnStoreFailure.Damaged, "A turn that runs in the background is damaged.");
        if (followed.Value is { Follower: { } follower } turn)
        {
            await using (follower)
                await follower.ReadToEndAsync();
            await turn.Completion;
        }

        return await turns.FindStatusAsync(key, cancellationToken) ?? TurnStatus.Ended;
    }
}

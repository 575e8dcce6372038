using FuncChat.Engine.Store;

namespace FuncChat.Engine.Background;

/// <summary>Runs turns that no client follows (<see cref="Turns.TurnRequest.InBackground"/>).</summary>
public interface IBackgroundTurns
{
    /// <summary>
    /// Runs a turn that was created, or continues one, until it ends or is parked. If this process ends first, the turn continues: where, and how soon, is up to
    /// the host.
    /// </summary>
    /// <exception cref="TurnStoreException">The store failed.</exception>
    Task ScheduleAsync(TurnKey key, CancellationToken cancellationToken);
}

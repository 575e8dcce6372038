using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>Is notified of turns that no longer run in this process. Belongs to the scope of the request that started or continued the turn.</summary>
internal interface ITurnObserver
{
    /// <summary>The turn has ended, or was handed over, or could not be stored. The request stays open until this returns. Does not throw.</summary>
    /// <param name="end">How it has ended; null if it has not.</param>
    Task LeftAsync(TurnKey key, TurnRequest request, TurnEnd? end);

    /// <summary>The turn has been parked: it waits for a person. Does not throw.</summary>
    Task ParkedAsync(TurnKey key) => Task.CompletedTask;
}

using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Approvals;

/// <summary>Adds the turns that are parked here to the queue of approvals.</summary>
internal sealed partial class ParkedTurns(ApprovalQueue queue, ILogger<ParkedTurns> logger) : ITurnObserver
{
    public Task LeftAsync(TurnKey key, TurnRequest request, TurnEnd? end) => Task.CompletedTask;

    public async Task ParkedAsync(TurnKey key)
    {
        try
        {
            await queue.AddAsync(key, CancellationToken.None);
        }
        catch (TurnStoreException e)
        {
            LogNotAdded(key.TurnId, e);
        }
    }

    [LoggerMessage(1701, LogLevel.Error, "Turn {TurnId} is parked, but could not be added to the list of approvals. It can be answered by its id")]
    private partial void LogNotAdded(string turnId, Exception exception);
}

using FuncChat.Engine.Background;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.ToolRuns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FuncChat.Background;

/// <summary>Runs a turn in the background. Durable may call it more than once for a turn, even at the same time: the turn's lease has one runner.</summary>
public sealed class BackgroundTurnActivity(TurnService turns, RequestDurableClient durable, ToolRunHistory history)
{
    [Function(nameof(BackgroundTurnActivity))]
    public Task<TurnStatus> RunAsync([ActivityTrigger] BackgroundTurn turn, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        durable.Bind(client);
        return history.TrimWhileAsync(client, () => BackgroundTurnRun.RunAsync(turns, new TurnKey(turn.User, turn.TurnId), cancellationToken), cancellationToken);
    }
}

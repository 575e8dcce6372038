using FuncChat.Engine.Store;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FuncChat.Background;

/// <summary>
/// Keeps a turn running until it ends or is parked. If the instance that runs it is lost, Durable repeats the activity on another one, which continues the turn.
/// </summary>
public static class BackgroundTurnOrchestration
{
    // Retries are for an instance that was lost and for a store that is unreachable.
    private static readonly TaskOptions Retries = TaskOptions.FromRetryPolicy(
        new RetryPolicy(maxNumberOfAttempts: 5, firstRetryInterval: TimeSpan.FromSeconds(5), backoffCoefficient: 2));

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    [Function(nameof(BackgroundTurnOrchestration))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, BackgroundTurn turn)
    {
        // An instance that stops hands the turn over.
        if (await context.CallActivityAsync<TurnStatus>(nameof(BackgroundTurnActivity), turn, Retries) != TurnStatus.Running)
            return;
        await context.CreateTimer(Pause, CancellationToken.None);
        context.ContinueAsNew(turn);
    }
}

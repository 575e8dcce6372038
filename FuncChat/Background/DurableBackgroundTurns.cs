using DurableTask.Core.Exceptions;
using FuncChat.Engine.Background;
using FuncChat.Engine.Store;
using FuncChat.ToolRuns;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FuncChat.Background;

/// <summary>Turns in the background as Durable orchestrations (<see cref="BackgroundTurnOrchestration"/>), which survive the instance that runs them.</summary>
internal sealed class DurableBackgroundTurns(RequestDurableClient durable) : IBackgroundTurns
{
    // An orchestration that has ended is replaced: its turn was parked, and continues.
    private static readonly OrchestrationRuntimeStatus[] Active = [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running];

    public async Task ScheduleAsync(TurnKey key, CancellationToken cancellationToken)
    {
        try
        {
            await durable.Client.ScheduleNewOrchestrationInstanceAsync(
                nameof(BackgroundTurnOrchestration), new BackgroundTurn(key.User, key.TurnId), new StartOrchestrationOptions(IdOf(key)).WithDedupeStatuses(Active),
                cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // It runs already.
        }
    }

    private static string IdOf(TurnKey key) => $"turn-{UserHash.Of(key.User)}-{key.TurnId}";
}

/// <summary>The input of an orchestration.</summary>
public sealed record BackgroundTurn(string User, string TurnId);

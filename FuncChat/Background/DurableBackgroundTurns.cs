using DurableTask.Core.Exceptions;
using FuncChat.Engine.Background;
using FuncChat.Engine.Store;
using FuncChat.ToolRuns;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FuncChat.Background;

/// <summary>Turns in the background as Durable orchestrations (<see cref="BackgroundTurnOrchestration"/>), which survive the instance that runs them.</summary>
internal sealed class DurableBackgroundTurns(RequestDurableClient durable, TimeProvider time) : IBackgroundTurns
{
    // An orchestration that has ended is replaced: its turn was parked, and continues.
    private static readonly OrchestrationRuntimeStatus[] Active = [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running];

    // An orchestration whose turn was just parked ends without looking at it again. Another one looks after it has.
    private static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(15);

    public async Task ScheduleAsync(TurnKey key, CancellationToken cancellationToken)
    {
        if (!await TryScheduleAsync(key, new StartOrchestrationOptions(IdOf(key)), cancellationToken))
            await TryScheduleAsync(key, new StartOrchestrationOptions($"{IdOf(key)}-again", time.GetUtcNow() + SecondLook), cancellationToken);
    }

    private async Task<bool> TryScheduleAsync(TurnKey key, StartOrchestrationOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await durable.Client.ScheduleNewOrchestrationInstanceAsync(
                nameof(BackgroundTurnOrchestration), new BackgroundTurn(key.User, key.TurnId), options.WithDedupeStatuses(Active), cancellationToken);
            return true;
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return false;
        }
    }

    private static string IdOf(TurnKey key) => $"turn-{UserHash.Of(key.User)}-{key.TurnId}";
}

/// <summary>The input of an orchestration.</summary>
public sealed record BackgroundTurn(string User, string TurnId);

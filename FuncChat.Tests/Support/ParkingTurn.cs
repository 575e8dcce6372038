using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;

namespace FuncChat.Tests.Support;

internal sealed record ParkingRequest : TurnRequest;

/// <summary>A kind of turn that asks a question, is parked, and ends once a signal answers it.</summary>
internal sealed class ParkingKind(ParkingGates gates) : ITurnKind<ParkingRequest>
{
    public Result<ITurnHandler> Create(TurnKey key, ParkingRequest request) => new ParkingTurn(gates);
}

/// <summary>Where a test holds parking turns.</summary>
internal sealed class ParkingGates
{
    /// <summary>Blocks the thread that starts a turn; null blocks none.</summary>
    public ManualResetEventSlim? Starting { get; set; }

    /// <summary>Set when a turn runs.</summary>
    public ManualSignal Started { get; } = new();

    /// <summary>What a turn waits for after it has appended `parked`.</summary>
    public Task Parking { get; set; } = Task.CompletedTask;

    /// <summary>Set when a turn has appended `parked`.</summary>
    public ManualSignal Parked { get; } = new();

    public int Runs { get; set; }
}

internal sealed class ParkingTurn(ParkingGates gates) : ITurnHandler
{
    private TurnSignal? _answer;
    private bool _asked;

    public bool IsWaiting => _answer is null;

    public void Replay(TurnEvent turnEvent) => _asked |= turnEvent is SearchStartEvent;

    public void Receive(TurnSignal signal) => _answer = signal;

    public Task<AppError?> FindErrorAsync(TurnSignal signal, CancellationToken cancellationToken) => Task.FromResult<AppError?>(null);

    public async Task<TurnRunResult> RunAsync(TurnEventWriter events, Func<bool> leave, CancellationToken cancellationToken)
    {
        gates.Runs++;
        gates.Started.Set();
        gates.Starting?.Wait(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        if (_answer is not null)
        {
            events.Append(new PlanCompleteEvent(_answer.Type, new(0, 0)));
            await events.StoreAsync();
            return TurnRunResult.Ended;
        }

        if (!_asked)
        {
            events.Append(new SearchStartEvent("turn-0001", ["?"], 1));
            events.Append(new ParkedEvent(["r1"], DateTimeOffset.UnixEpoch));
            await events.StoreAsync();
            gates.Parked.Set();
            await gates.Parking;
        }

        return TurnRunResult.Parked;
    }
}

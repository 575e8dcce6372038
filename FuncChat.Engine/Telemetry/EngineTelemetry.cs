using System.Diagnostics;
using System.Diagnostics.Metrics;
using FuncChat.Engine.Store;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Telemetry;

/// <summary>
/// The engine's spans and metrics, by System.Diagnostics; docs/operations.md lists them. An exporter listens to the name
/// <see cref="Name"/>.
/// </summary>
/// <remarks>
/// None of it is on the path of a piece of text. A turn, a model call and a tool run each have one object that keeps their figures until they end;
/// without a listener it has no span and creates no tags. Events are counted with one interlocked add for each read of the upstream, next to its write to
/// the log; gauges are read only when a listener asks for them (<see cref="TurnGauges"/>).
/// </remarks>
public sealed class EngineTelemetry
{
    /// <summary>The name of the engine's activity source and of its meter.</summary>
    public const string Name = "FuncChat";

    private readonly Meter _meter;

    /// <param name="meters">Creates the meter, which keeps servers in one process apart.</param>
    /// <param name="capturesContent">Puts messages, and tools' arguments and results, into spans.</param>
    public EngineTelemetry(IMeterFactory meters, bool capturesContent = false)
    {
        _meter = meters.Create(new MeterOptions(Name));
        CapturesContent = capturesContent;
        Instruments = new EngineInstruments(_meter);
        Events = new EventCount(_meter);
    }

    /// <summary>A request was answered with this error and started nothing.</summary>
    public void Refused(AppError error)
    {
        if (Instruments.Refusals.Enabled)
            Instruments.Refusals.Add(1, new(GenAi.ErrorType, ErrorNames.Of(error.Code)), new(GenAi.Limit, error.Limit ?? "none"));
    }

    internal static ActivitySource Spans { get; } = new(Name);

    internal bool CapturesContent { get; }

    internal EngineInstruments Instruments { get; }

    internal EventCount Events { get; }

    internal TurnTelemetry OfTurn(TurnKey key, TurnRequest request, string kind, bool continued, string? origin) => new(this, key, request, kind, continued, origin);

    /// <summary>A model call begins, in the span that is current.</summary>
    internal ModelCallTelemetry StartModelCall(ResolvedModel model, ModelRequest request, TimeProvider time) => new(this, model, request, time);

    /// <summary>A tool run begins, in the span that its turn named, or else the current one.</summary>
    internal ToolRunTelemetry StartToolRun(ToolRunSpec spec, TimeProvider time) => new(this, spec, time);

    /// <summary>Reports these turns as gauges, for as long as the process runs.</summary>
    internal void Watch(RunningTurnRegistry turns) => TurnGauges.Add(_meter, turns);
}

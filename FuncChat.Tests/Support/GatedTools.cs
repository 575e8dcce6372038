using System.Collections.Concurrent;
using FuncChat.Tools;

namespace FuncChat.Tests.Support;

/// <summary>Tools for tests of runs: they signal that they run, and wait to be released.</summary>
internal sealed class GatedTools
{
    public const string Echo = nameof(Echo);
    public const string Quick = nameof(Quick);
    public const string Long = nameof(Long);
    public const string Steps = nameof(Steps);
    public const string Asks = nameof(Asks);
    public const string AsksInSteps = nameof(AsksInSteps);
    public const string LongAsksInSteps = nameof(LongAsksInSteps);
    public const string Fails = nameof(Fails);
    public const string Breaks = nameof(Breaks);

    private int _runs;

    public GatedTools() => All =
    [
        Tool.FromMethod((string text) => text, Echo, "Repeats the text.", readOnly: true),
        Tool.FromMethod(GatedAsync, Quick, "Waits to be released.", readOnly: true),
        Tool.FromMethod(GatedAsync, Long, "Waits to be released, and may take long.", longRunning: true, readOnly: true),
        Tool.FromMethod(InStepsAsync, Steps, "Does three steps, and waits to be released before the third.", longRunning: true, readOnly: true),
        Tool.FromMethod(AskAsync, Asks, "Asks the model twice, and waits to be released between.", longRunning: true, readOnly: true),
        Tool.FromMethod(AskInStepsAsync, AsksInSteps, "Asks the model twice.", readOnly: true),
        Tool.FromMethod(AskInStepsAsync, LongAsksInSteps, "Asks the model twice, and may take long.", longRunning: true, readOnly: true),
        Tool.FromMethod(Fail, Fails, "Fails.", readOnly: true),
        Tool.FromMethod(Fail, "LongFails", "Fails, and may take long.", longRunning: true, readOnly: true),
        Tool.FromMethod(Break, Breaks, "Breaks.", readOnly: true),
    ];

    public IReadOnlyList<Tool> All { get; }

    /// <summary>Set when the first run of a gated tool has come to its gate.</summary>
    public ManualSignal Started { get; } = new();

    /// <summary>Lets all go.</summary>
    public ManualSignal Go { get; } = new();

    /// <summary>Set when a gated tool has been cancelled.</summary>
    public ManualSignal Cancelled { get; } = new();

    /// <summary>The run that came to its gate last.</summary>
    public IToolRun? Run { get; private set; }

    /// <summary>How many runs of gated tools there were.</summary>
    public int Runs => Volatile.Read(ref _runs);

    /// <summary>The steps that were done, each as often as it was.</summary>
    public ConcurrentQueue<string> StepsDone { get; } = [];

    private async Task<string> GatedAsync(IToolRun run, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _runs);
        await GateAsync(run, cancellationToken);
        return "done";
    }

    private async Task<string> InStepsAsync(IToolRun run, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _runs);
        var one = await StepAsync(run, "one", cancellationToken);
        var two = await StepAsync(run, "two", cancellationToken);
        await GateAsync(run, cancellationToken);
        return $"{one},{two},{await StepAsync(run, "three", cancellationToken)}";
    }

    private async Task<string> AskAsync(IToolRun run, CancellationToken cancellationToken)
    {
        await run.AskModelAsync("first", "Be brief.", "One?", cancellationToken);
        await GateAsync(run, cancellationToken);
        return await run.AskModelAsync("second", "Be brief.", "Two?", cancellationToken);
    }

    private static async Task<string> AskInStepsAsync(IToolRun run, CancellationToken cancellationToken)
    {
        var one = await run.StepAsync("one", token => run.AskModelAsync("first", "Be brief.", "One?", token), cancellationToken);
        var two = await run.StepAsync("two", token => run.AskModelAsync("second", "Be brief.", "Two?", token), cancellationToken);
        return $"{one} {two}";
    }

    private Task<string> StepAsync(IToolRun run, string name, CancellationToken cancellationToken) => run.StepAsync(
        name,
        _ =>
        {
            StepsDone.Enqueue(name);
            return Task.FromResult(name);
        },
        cancellationToken);

    private async Task GateAsync(IToolRun run, CancellationToken cancellationToken)
    {
        Run = run;
        Started.Set();
        try
        {
            await Go.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Cancelled.Set();
            throw;
        }
    }

    private static string Fail() => throw new ToolException("The page \"x\" is gone.");

    private static string Break() => throw new InvalidOperationException("An internal address that no client may see.");
}

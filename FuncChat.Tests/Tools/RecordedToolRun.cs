using System.Collections.Concurrent;
using FuncChat.Tools;

namespace FuncChat.Tests.Tools;

/// <summary>A run that keeps what its tool reports, and answers for the model as a test says.</summary>
internal sealed class RecordedToolRun(Func<string, string, string>? model = null) : IToolRun
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new(StringComparer.Ordinal);

    public string Id => "run-1";

    public ToolUser User => ToolUser.Unknown;

    public ConcurrentQueue<string> Reports { get; } = new();

    /// <summary>The calls of the model: phase and prompt.</summary>
    public ConcurrentQueue<(string Phase, string Prompt)> Calls { get; } = new();

    public void Report(string message, int? completed = null, int? total = null)
    {
        Reports.Enqueue(message);
        if (_awaited.TryGetValue(message, out var signal))
            signal.TrySetResult();
    }

    /// <summary>Ends when the tool reports this, from now on.</summary>
    public Task WaitForReportAsync(string message) => _awaited.GetOrAdd(message, _ => new()).Task;

    public Task<string> AskModelAsync(string phase, string instructions, string prompt, CancellationToken cancellationToken)
    {
        Calls.Enqueue((phase, prompt));
        return Task.FromResult(model?.Invoke(phase, prompt) ?? throw new ToolException("No model here."));
    }

    public Task<T> StepAsync<T>(string name, Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken) =>
        step(cancellationToken);

    /// <summary>Invokes a tool as part of this run, and gives its result as JSON.</summary>
    public async Task<string> InvokeAsync(Tool tool, IDictionary<string, object?> arguments) =>
        (await tool.Function.InvokeAsync(Tool.ArgumentsFor(this, arguments)))?.ToString() ?? "";
}

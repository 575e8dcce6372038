using FuncChat.Tools;

namespace FuncChat.Tests.Tools.Research;

/// <summary>A run whose process ends after so many steps: each later one fails before it begins.</summary>
internal sealed class StoppedRun(IToolRun run, int steps) : IToolRun
{
    private int _begun;

    public string Id => run.Id;

    public ToolUser User => run.User;

    public void Report(string message, int? completed = null, int? total = null) => run.Report(message, completed, total);

    public Task<string> AskModelAsync(string phase, string instructions, string prompt, CancellationToken cancellationToken) =>
        run.AskModelAsync(phase, instructions, prompt, cancellationToken);

    public Task<T> StepAsync<T>(string name, Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken) =>
        Interlocked.Increment(ref _begun) > steps
            ? Task.FromException<T>(new IOException("The process ended."))
            : run.StepAsync(name, step, cancellationToken);
}

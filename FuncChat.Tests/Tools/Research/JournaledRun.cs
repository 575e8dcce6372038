using System.Collections.Concurrent;
using System.Text.Json;
using FuncChat.Tools;

namespace FuncChat.Tests.Tools.Research;

/// <summary>
/// A tool's run whose model is a function. It keeps each step's result as JSON, as a real journal does; given the journal of a run that
/// was interrupted, it continues that run.
/// </summary>
internal sealed class JournaledRun(Func<string, string, string> model, ConcurrentDictionary<string, string>? journal = null) : IToolRun
{
    public string Id => "run-1";

    public ToolUser User => ToolUser.Unknown;

    public ConcurrentDictionary<string, string> Journal { get; } = journal ?? [];

    public ConcurrentQueue<(string Phase, string Instructions, string Prompt)> Asked { get; } = [];

    public ConcurrentQueue<(string Message, int? Completed, int? Total)> Reports { get; } = [];

    public void Report(string message, int? completed = null, int? total = null) => Reports.Enqueue((message, completed, total));

    public Task<string> AskModelAsync(string phase, string instructions, string prompt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Asked.Enqueue((phase, instructions, prompt));
        return Task.FromResult(model(phase, prompt));
    }

    public async Task<T> StepAsync<T>(string name, Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        if (!Journal.TryGetValue(name, out var recorded))
        {
            recorded = JsonSerializer.Serialize(await step(cancellationToken));
            Assert.True(Journal.TryAdd(name, recorded), $"The step {name} was done twice.");
        }

        return JsonSerializer.Deserialize<T>(recorded)!;
    }
}

using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FuncChat.ToolRuns;

/// <summary>Makes the runner that a function hands to its turn: long tools on Durable, through the function's own client, quick ones in process.</summary>
public sealed class DurableToolRunners(
    InProcessToolRunner quick, IToolRunStore journal, TimeProvider time, ILogger<RemoteToolRunner> logger)
{
    public IToolRunner For(DurableTaskClient client) =>
        new RemoteToolRunner(new DurableToolRuns(client), quick, journal, time, logger);
}

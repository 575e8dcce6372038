using FuncChat.Engine.Chat;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Tools;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.ToolRuns;

/// <summary>Calls a tool for a caller that has no turn, such as an MCP client. It counts toward the user's limits as a call in a turn does.</summary>
public sealed partial class DirectToolCall(
    ModelCatalog models, IToolRunner runner, TurnRuntime turns, ILogger<DirectToolCall> logger)
{
    private static readonly ToolArguments Arguments = new();

    /// <summary>Runs the tool to its end. Cancellation ends the run too.</summary>
    /// <param name="callId">Unique among the user's calls.</param>
    /// <param name="arguments">A JSON object.</param>
    /// <param name="report">Called with each snapshot of the run.</param>
    public async Task<ToolRunOutcome> RunAsync(
        Tool tool, ToolUser user, string callId, string arguments, Func<ToolRunSnapshot, Task> report, CancellationToken cancellationToken)
    {
        var prepared = await PrepareAsync(tool, user, callId, arguments);
        if (prepared.Spec is not { } spec)
            return prepared.Error!;
        if (await TryCountAsync(user) is { } reached)
            return reached;
        try
        {
            await foreach (var snapshot in runner.RunAsync(spec, cancellationToken))
            {
                if (snapshot.Outcome is { } outcome)
                    return outcome.Question is null ? outcome : ToolRunOutcome.Failure("The tool asks the user a question, which is not possible here.");
                await report(snapshot);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await runner.CancelAsync(spec.RunId, CancellationToken.None);
            throw;
        }
        catch (Exception failure)
        {
            LogNotRun(tool.Name, failure);
        }

        return ToolRunOutcome.Unavailable;
    }

    // No turn's id has a space. The user is part of the run's id, so a call's id finds the calls of that user only.
    internal static string RunIdOf(ToolUser user, string callId) => ToolRunSpec.IdOf(new TurnKey(user.Id, "direct call"), callId);

    /// <summary>The run of a call, or the failure that the call ends with at once.</summary>
    internal async Task<(ToolRunSpec? Spec, ToolRunOutcome? Error)> PrepareAsync(Tool tool, ToolUser user, string callId, string arguments)
    {
        if (await Arguments.FindErrorAsync(tool, arguments) is { } error)
            return (null, ToolRunOutcome.Failure(error));

        // Most tools use no model.
        var model = models.TryResolve(null, out var found, out _) ? found.Id : "";
        var spec = new ToolRunSpec(RunIdOf(user, callId), callId, tool.Reference, arguments, model)
        {
            LongRunning = tool.Policy.LongRunning,
            User = user,
        };
        return (spec, null);
    }

    /// <summary>Counts a call that is about to start, or returns the failure that it ends with because the user has reached the limit.</summary>
    internal async Task<ToolRunOutcome?> TryCountAsync(ToolUser user) =>
        await turns.Usage.AddToolRunAsync(user.Id) is { } reached ? ToolRunOutcome.Failure(reached.Message) : null;

    [LoggerMessage(221, LogLevel.Error, "Tool {Tool} could not be run")]
    private partial void LogNotRun(string tool, Exception failure);
}

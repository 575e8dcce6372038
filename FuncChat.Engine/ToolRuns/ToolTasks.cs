using System.Text.Json;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Turns;
using FuncChat.Tools;

namespace FuncChat.Engine.ToolRuns;

/// <summary>
/// Calls of long-running tools that a caller without a turn starts, looks up and cancels by id, on any instance. They are stored as tool runs: a call whose process
/// died continues after its last step when it is looked up next.
/// </summary>
public sealed class ToolTasks(
    DirectToolCall calls, ToolCatalog tools, ModelCatalog models, IToolRunner runner, IToolRunStore store, TurnRuntime turns, TimeProvider time)
{
    // Steps of a run have other names.
    private const string StartStep = "task start";
    private const string CancelStep = "task cancel";

    /// <summary>Stores and starts a call. While this process watches it, it counts as one of the user's turns.</summary>
    /// <param name="taskId">Unique among the user's calls.</param>
    /// <param name="arguments">A JSON object.</param>
    /// <returns>When it started, or the failure that it ended with at once.</returns>
    public async Task<(DateTimeOffset Started, ToolRunOutcome? Error)> StartAsync(
        Tool tool, ToolUser user, string taskId, string arguments, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (spec, error) = await calls.PrepareAsync(tool, user, taskId, arguments);
        if (spec is null)
            return (now, error);
        if (turns.Limits.TryEnter(user.Id) is { } tooMany)
            return (now, ToolRunOutcome.Failure(tooMany.Message));
        var watched = false;
        try
        {
            if (await TryStoreAsync(spec, now, user, cancellationToken) is { } reached)
                return (now, reached);
            await LookAsync(spec, cancellationToken);
            watched = true;
            _ = LeaveWhenEndedAsync(spec, user.Id);
        }
        finally
        {
            if (!watched)
                turns.Limits.Leave(user.Id);
        }

        return (now, null);
    }

    /// <summary>Looks up a call, and continues it if no process runs it any more. Null if the user has no such call.</summary>
    public async Task<ToolTask?> FindAsync(ToolUser user, string taskId, CancellationToken cancellationToken)
    {
        if (await ReadAsync(user, taskId, cancellationToken) is not { } read)
            return null;
        if (read.Task.HasEnded)
            return read.Task;
        ToolRunOutcome? error;
        try
        {
            error = await FindErrorAsync(read.Spec, cancellationToken);
        }
        catch (ToolSourceException)
        {
            // The source may be available at the next look.
            return read.Task;
        }

        if (error is not null)
        {
            await store.AppendAsync(read.Spec.RunId, new ToolRunEntry(null, null, error), cancellationToken);
            return read.Task with { Outcome = error };
        }

        var snapshot = await LookAsync(read.Spec, cancellationToken);

        // A cancellation in the meantime may have come before the run was started again.
        var now = await ReadAsync(user, taskId, cancellationToken);
        if (now?.Task.IsCancelled == true)
            await runner.CancelAsync(read.Spec.RunId, cancellationToken);
        return now is { Task.HasEnded: true } ? now.Value.Task : read.Task with { Message = snapshot?.Message };
    }

    /// <summary>Cancels a call. Does nothing if it has ended.</summary>
    /// <returns>Whether the user has such a call.</returns>
    public async Task<bool> CancelAsync(ToolUser user, string taskId, CancellationToken cancellationToken)
    {
        if (await ReadAsync(user, taskId, cancellationToken) is not { } read)
            return false;
        if (read.Task.HasEnded)
            return true;
        await store.AppendAsync(read.Spec.RunId, new ToolRunEntry(CancelStep, RawJson.Of(JsonElement.Parse("true")), null), cancellationToken);
        await runner.CancelAsync(read.Spec.RunId, cancellationToken);
        return true;
    }

    // Returns the failure of a call that the user's limits have no room for.
    private async Task<ToolRunOutcome?> TryStoreAsync(ToolRunSpec spec, DateTimeOffset now, ToolUser user, CancellationToken cancellationToken)
    {
        var start = new RawJson(JsonSerializer.SerializeToUtf8Bytes(new ToolTaskStart(spec, now), EngineJson.Relaxed.ToolTaskStart));
        if (await turns.Usage.AddRequestAsync(user.Id, start.Utf8.Length) is { } full)
            return ToolRunOutcome.Failure(full.Message);
        if (await calls.TryCountAsync(user) is { } reached)
        {
            turns.Usage.CountBytes(user.Id, -start.Utf8.Length);
            return reached;
        }

        await store.AppendAsync(spec.RunId, new ToolRunEntry(StartStep, start, null), cancellationToken);
        return null;
    }

    private async Task LeaveWhenEndedAsync(ToolRunSpec spec, string user)
    {
        try
        {
            await foreach (var snapshot in runner.RunAsync(spec, CancellationToken.None))
            {
                if (snapshot.Outcome is not null)
                    break;
            }
        }
        catch (Exception)
        {
            // The run can't be watched any more. The next look reports it.
        }
        finally
        {
            turns.Limits.Leave(user);
        }
    }

    private async Task<(ToolRunSpec Spec, ToolTask Task)?> ReadAsync(ToolUser user, string taskId, CancellationToken cancellationToken)
    {
        ToolTaskStart? start = null;
        foreach (var entry in await store.ReadAsync(DirectToolCall.RunIdOf(user, taskId), cancellationToken))
        {
            if (entry is { Step: StartStep, Value: { } value })
                start = Parse(value);

            // Of an outcome and a cancellation, the first counts.
            if (start is not null && (entry.Outcome is not null || entry.Step == CancelStep))
                return (start.Spec with { User = user }, new ToolTask(start.Started) { Outcome = entry.Outcome, IsCancelled = entry.Outcome is null });
        }

        return start is null ? null : (start.Spec with { User = user }, new ToolTask(start.Started));
    }

    // Null if it is damaged: there is no such call.
    private static ToolTaskStart? Parse(RawJson value)
    {
        try
        {
            return JsonSerializer.Deserialize(value.Utf8.Span, EngineJson.Default.ToolTaskStart) is { Spec: { Tool.Name: not null, Model: not null, Arguments: not null, RunId: not null } } start ? start : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // A run that can't begin stores no outcome: it would be started again with each look.
    private async Task<ToolRunOutcome?> FindErrorAsync(ToolRunSpec spec, CancellationToken cancellationToken) =>
        await tools.OpenAsync(spec.Tool, spec.User ?? ToolUser.Unknown, cancellationToken) is null ? ToolRunOutcome.Failure("The tool is not available any more, or it has changed.")
        : spec.Model.Length > 0 && !models.TryResolve(spec.Model, out _, out var unresolved) ? ToolRunOutcome.Failure(unresolved.Message)
        : null;

    private async Task<ToolRunSnapshot?> LookAsync(ToolRunSpec spec, CancellationToken cancellationToken)
    {
        await foreach (var snapshot in runner.RunAsync(spec, cancellationToken))
            return snapshot;
        return null;
    }
}

/// <summary>The state of a call.</summary>
public sealed record ToolTask(DateTimeOffset Started)
{
    /// <summary>The progress of a running call, in a few words.</summary>
    public string? Message { get; init; }

    /// <summary>The result of a call that has ended and was not cancelled.</summary>
    public ToolRunOutcome? Outcome { get; init; }

    public bool IsCancelled { get; init; }

    public bool HasEnded => IsCancelled || Outcome is not null;
}

/// <summary>The first entry of a call.</summary>
internal sealed record ToolTaskStart(ToolRunSpec Spec, DateTimeOffset Started);

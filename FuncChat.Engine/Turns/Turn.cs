using FuncChat.Engine.Events;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Tools;

namespace FuncChat.Engine.Turns;

/// <summary>What a turn is made of: its request, and what it works with.</summary>
internal sealed record TurnParts(string TurnId, TurnRequest Request, ResolvedModel Model, IReadOnlyList<Tool> Tools, ToolDispatcher Dispatcher);

/// <summary>
/// The turn's loop: the model is called, the tools that it asks for are run, their results go back to it, until it answers. Each step begins from
/// <see cref="TurnState"/> alone, so a turn that was interrupted goes on where it was.
/// </summary>
internal sealed class Turn(TurnParts parts, TurnState state, TurnJournal journal, TurnOptions options, TimeProvider time)
{
    private const string AnswerPhase = "answer";
    private const string FinalPhase = "final_answer";

    /// <summary>Whether a tool runs that is allowed to take long.</summary>
    public bool InLongToolRun => parts.Dispatcher.InLongRun;

    /// <summary>Runs until the turn has ended, or, between two steps, until it is told to leave.</summary>
    /// <exception cref="ModelException">The model failed; the turn is to end with that error.</exception>
    public async Task RunAsync(Func<bool> leave, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!state.Started)
            Emit(new StatusEvent("processing", parts.TurnId, parts.Model.Name, parts.Model.Provider, parts.Tools.Count > 0));
        while (!state.Ended && !leave())
        {
            if (state.Round is { } round)
                await parts.Dispatcher.RunAsync(round, Emit, journal, cancellationToken);
            else if (state.Answered)
                Emit(new TurnCompleted("success", state.Messages, state.Iteration, state.Usage) { StoppedBy = StoppedBy() });
            else
                await CallModelAsync(cancellationToken);
            await journal.StoreAsync();
        }
    }

    /// <summary>Stops the tool runs that are under way.</summary>
    public Task CancelToolsAsync() => state.Round is { } round ? parts.Dispatcher.CancelAsync(round) : Task.CompletedTask;

    /// <summary>Ends the turn with an error.</summary>
    public async Task FailAsync(ChatError error)
    {
        Emit(new TurnFailed(error.Message, error.Code, error.Retryable));
        await journal.StoreAsync();
    }

    private void Emit(TurnEvent turnEvent)
    {
        journal.Append(turnEvent);
        state.Apply(turnEvent);
    }

    private async Task CallModelAsync(CancellationToken cancellationToken)
    {
        if (state.ModelCallOpen)
            Emit(new MessageReset(state.Iteration));

        var withTools = parts.Tools.Count > 0 && state.ToolRounds < options.MaxToolIterations;
        var phase = withTools || parts.Tools.Count == 0 ? AnswerPhase : FinalPhase;
        var iteration = state.Iteration + 1;
        Emit(new ModelCallStarted(phase, iteration, parts.Model.Provider, parts.Model.Name));

        var call = new ModelCall(journal, options.MaxAnswerBytes, time);
        var answer = await call.RunAsync(parts.Model.Model, RequestFor(withTools), cancellationToken);
        Emit(new ModelCallEnded(phase, iteration, answer.FinishReason!, answer.Usage, call.FirstTokenMs, call.DurationMs));
        if (answer.FinishReason == FinishReason.ContentFilter)
            throw new ModelException(new ChatError(ErrorCode.ContentFiltered, "The provider's content filter stopped the answer. Rephrase the request."));
        var taken = new HashSet<string>(StringComparer.Ordinal);
        Emit(new MessageCompleted(answer.ToMessage((place, id) => NameCall(iteration, place, id, taken), withTools)));
    }

    private ModelRequest RequestFor(bool withTools) => new()
    {
        Model = parts.Model.Name,
        Messages = [.. parts.Request.Messages.Concat(state.Messages).Select(message => message.Utf8)],
        Tools = withTools ? [.. parts.Tools.Select(tool => tool.Function)] : [],
        Sampling = parts.Request.Sampling,
    };

    // The run's id is made from the call's, and providers exist that give none, the same one twice, or a novel.
    private string NameCall(int iteration, int place, string? id, HashSet<string> taken)
    {
        if (id is not { Length: > 0 and <= 128 } || !id.All(IsIdCharacter))
            id = $"call_{iteration}_{place}";
        var name = id;
        for (var again = 2; state.HasToolCall(name) || !taken.Add(name); again++)
            name = $"{id}_{again}";
        return name;
    }

    private static bool IsIdCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':';

    private string? StoppedBy() =>
        state.FinishReason == FinishReason.Length ? "length"
        : state.ToolRounds >= options.MaxToolIterations ? "max_iterations"
        : null;
}

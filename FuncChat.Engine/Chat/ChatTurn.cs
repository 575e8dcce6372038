using FuncChat.Engine.Events;
using FuncChat.Engine.Files;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Store;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.Turns;
using FuncChat.Engine.Usage;
using FuncChat.Tools;
using Microsoft.Extensions.AI;

namespace FuncChat.Engine.Chat;

/// <summary>
/// The turn of a chat: the model is called, the tools that it calls are run, their results go back to it, until it answers. Each step
/// begins from <see cref="ChatTurnState"/> alone, so a turn that was interrupted continues where it was. A turn whose calls wait for a person is parked.
/// </summary>
internal sealed class ChatTurn(
    string turnId, ChatTurnRequest request, ChatTurnState state, ResolvedModel model, ToolCatalog tools, Predicate<string> mayCall, ToolUser user,
    UntrustedResults untrusted, ToolDispatcher dispatcher, TurnAnswers answers, FileParts files, TurnOptions options, TurnBudget budget, EngineTelemetry telemetry, TimeProvider time) : ITurnHandler
{
    private const string AnswerPhase = "answer";
    private const string FinalPhase = "final_answer";
    private const string ToolChoice = "tool_choice";

    private readonly ChatTurnState _state = state;
    private IReadOnlyList<Tool> _tools = [];
    private IReadOnlyList<AIFunctionDeclaration> _offered = [];
    private IReadOnlyList<AIFunctionDeclaration> _declared = [];

    public bool InLongRun => request.InBackground || (dispatcher.InLongRun && !request.StopsWithClient);

    public bool IsWaiting => _state.Requests.IsParked && !answers.HasAny;

    public void Replay(TurnEvent turnEvent) => _state.Apply(turnEvent);

    public void Receive(TurnSignal signal) => answers.Receive(signal);

    public async Task<AppError?> FindErrorAsync(TurnSignal signal, CancellationToken cancellationToken) =>
        await answers.FindErrorAsync(signal, name => OpenAsync(name, cancellationToken));

    public async Task<TurnRunResult> RunAsync(TurnEventWriter events, Func<bool> leave, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_state.Started)
            Emit(new StatusEvent("processing", turnId, model.Name, model.Provider, request.Tools.Count > 0 || request.ClientTools is { Count: > 0 }));
        _tools = await OpenToolsAsync(cancellationToken);
        _offered = [.. _tools.Select(tool => tool.Function), .. (request.ClientTools ?? []).Select(tool => tool.ToDeclaration())];
        _declared = _offered.Count > 0 ? _offered : await HistoryTools.OfAsync(request.Messages, tools, user, cancellationToken);
        while (!_state.Ended && !leave())
        {
            answers.Emit(Emit);
            if (_state.Round is { } round)
            {
                await budget.RaiseAsync();
                await dispatcher.RunAsync(round, ToolsToCall(), Conversation(), _state.Sources, Emit, events, cancellationToken);
                if (_state.Round is null)
                    continue; // the results are stored with the start of the next model call
                if (!answers.HasAny && _state.Requests.Open.Any())
                    return await ParkAsync(events, Emit);
            }
            else if (_state.Answered)
            {
                End(Emit);
            }
            else
            {
                if (!await TryCallModelAsync(events, Emit, cancellationToken))
                    return await ParkAsync(events, Emit);
                continue; // the answer is stored with the start of its tool calls, or with the end of the turn
            }

            await events.StoreAsync();
        }

        return _state.Ended ? TurnRunResult.Ended : TurnRunResult.HandedOver;

        void Emit(TurnEvent turnEvent)
        {
            events.Append(turnEvent);
            _state.Apply(turnEvent);
        }
    }

    public Task CancelRunsAsync() => _state.Round is { } round ? dispatcher.CancelAsync(round) : Task.CompletedTask;

    private async Task<TurnRunResult> ParkAsync(TurnEventWriter events, Action<TurnEvent> emit)
    {
        if (!_state.Requests.IsParked)
            emit(new ParkedEvent([.. _state.Requests.Open.Select(open => open.Id)], time.GetUtcNow()));
        await events.StoreAsync();
        return TurnRunResult.Parked;
    }

    private void End(Action<TurnEvent> emit)
    {
        if (_state.ClientCalls.Count > 0)
            emit(new ClientToolCallsEvent([.. _state.ClientCalls]));
        emit(new CompleteEvent("success", _state.Messages, _state.Iteration, _state.Usage)
        {
            StoppedBy = StoppedBy(),
            At = request.ProtocolData is null ? null : time.GetUtcNow(),
        });
    }

    /// <returns>False if a budget must be raised first.</returns>
    private async Task<bool> TryCallModelAsync(TurnEventWriter events, Action<TurnEvent> emit, CancellationToken cancellationToken)
    {
        if (_state.ModelCallOpen)
            emit(new MessageResetEvent(_state.Iteration));

        var withTools = _offered.Count > 0 && _state.ToolRounds < options.MaxToolIterations;
        var phase = withTools || _offered.Count == 0 ? AnswerPhase : FinalPhase;
        var resolving = files.ResolveAsync(user.Id, [.. untrusted.Mark(Conversation())], model, cancellationToken);

        // Reading files can be slow. What the tools have returned is stored and shown meanwhile: a crash would run them again.
        if (!resolving.IsCompleted)
            await events.PublishAsync();
        using var messages = await resolving;
        if (await budget.AdmitAsync(model, RequestFor(messages, withTools), emit) is not { } reservation)
            return false;
        var iteration = _state.Iteration + 1;
        emit(new LlmRequestEvent(phase, iteration, model.Provider, model.Name));
        await StoreBeforeAsync(reservation, events);
        var call = new ModelCall(events, iteration, options.MaxAnswerBytes, telemetry, time);
        var answer = await call.RunAsync(model, reservation, cancellationToken);
        if (!withTools && answer is { HasToolCalls: true, HasText: false })
            ExplainMissingAnswer(answer, events);
        emit(new LlmResponseEvent(phase, iteration, answer.FinishReason!, answer.Usage, call.FirstTokenMs, call.DurationMs));
        await budget.WarnAsync(_state.WarnedBudgets, emit);
        if (answer.FinishReason == FinishReason.ContentFilter)
            throw new ModelException(new AppError(ErrorCode.ContentFiltered, "The provider's content filter stopped the answer. Rephrase the request."));

        // With the message: those of a call that fails and is repeated would take the numbers that the text cites. Without a text, they support nothing.
        if (answer.HasText)
        {
            foreach (var citation in _state.Sources.Number(answer.Sources))
                emit(citation);
        }

        var ids = new TurnCallIds(iteration, _state.HasToolCall);
        emit(new MessageCompleteEvent(answer.ToMessage(ids.Of, CleanName, withTools, (model.Provider, model.Name))));
        return true;
    }

    private static async Task StoreBeforeAsync(TokenReservation reservation, TurnEventWriter events)
    {
        try
        {
            await events.StoreBeforeCallAsync();
        }
        catch
        {
            reservation.Release();
            throw;
        }
    }

    // A model that calls tools though it must not, and writes nothing: its turn would end with an empty message.
    private void ExplainMissingAnswer(ModelAnswer answer, TurnEventWriter events)
    {
        var names = string.Join(", ", answer.ToolNames.Select(CleanName).Distinct(StringComparer.Ordinal).Take(5));
        var sentence = EscapedText.From(_offered.Count > 0
            ? $"The model called more tools ({names}) instead of answering, and the limit of {options.MaxToolIterations} rounds of tool calls is reached."
            : $"The model called tools ({names}) instead of answering, but none are available in this chat.");
        events.AppendText(DeltaEvent.WireName, sentence.Span);
        answer.AddText(sentence.Span);
    }

    // A tool whose source is unavailable, or that has changed since the turn began, is not offered: the turn continues without it.
    private async Task<IReadOnlyList<Tool>> OpenToolsAsync(CancellationToken cancellationToken)
    {
        var opened = new List<Tool>();
        foreach (var reference in request.Tools)
        {
            try
            {
                if (await tools.OpenAsync(reference, user, cancellationToken) is { } tool)
                    opened.Add(tool);
            }
            catch (ToolSourceException)
            {
                // Its source logs the reason.
            }
        }

        return opened;
    }

    private async Task<Tool?> OpenAsync(string name, CancellationToken cancellationToken) =>
        request.Tools.FirstOrDefault(reference => reference.Name == name) is { } reference ? await tools.OpenAsync(reference, user, cancellationToken) : null;

    private CallableTools ToolsToCall() => new(
        [.. _tools.Where(tool => mayCall(tool.Name))], request.Tools.Select(tool => tool.Name).Except(_tools.Select(tool => tool.Name)), _state.ClientTools);

    private ModelRequest RequestFor(CallMessages messages, bool withTools) => new()
    {
        Model = model.Name,
        Messages = messages.Messages,
        Tools = _declared,
        ForbidsToolCalls = !withTools,
        Sampling = request.Sampling,
        Options = OptionsFor(_state.ToolRounds),
    };

    private IEnumerable<RawJson> Conversation() => request.Messages.Concat(_state.Messages);

    // A tool call that the client asks for is made once: forced in each round, the model could never answer. What limits the tools holds in each.
    private IReadOnlyDictionary<string, RawJson> OptionsFor(int round)
    {
        var asked = request.Options ?? RequestOptions.None;
        if (round == 0 || !asked.TryGetValue(ToolChoice, out var choice) || choice.Utf8.Span.SequenceEqual("\"none\""u8))
            return asked;
        var kept = asked.Where(option => option.Key != ToolChoice).ToDictionary(StringComparer.Ordinal);
        if (AllowedTools.Of(asked) is { } allowed)
            kept.Add(ToolChoice, allowed.ToOptional());
        return kept;
    }

    private string CleanName(string name) => ToolCallText.CleanName(name, asked => _offered.Any(tool => tool.Name == asked));

    private string? StoppedBy() =>
        _state.FinishReason == FinishReason.Length ? "length"
        : _state.EndsForClient ? null
        : _state.ToolRounds >= options.MaxToolIterations ? "max_iterations"
        : null;
}

using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using FuncChat.Engine.Files;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.Usage;
using FuncChat.Tools;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.ToolRuns;

/// <summary>One run of a tool in this process: the tool reports to it, and watchers read from it.</summary>
/// <param name="files">Where images that the tool returns are kept.</param>
/// <param name="store">Where the steps of the run, and the outcome of a long-running tool, are stored.</param>
/// <param name="secrets">The keys of this server, which no result may contain.</param>
internal sealed partial class ToolRun(
    ToolRunSpec spec, ToolCatalog tools, ModelCatalog models, RetryingToolRunStore store, TokenMeter meter, FileService files, EngineTelemetry telemetry,
    KnownSecrets secrets, TimeProvider time, ILogger logger)
    : IToolRun, IDisposable
{
    private static readonly JsonSerializerOptions ResultOptions = new(JsonSerializerOptions.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly CancellationTokenSource _cancelled = new();
    private readonly ConcurrentQueue<HeldFile> _files = new();
    private readonly ToolRunSteps _steps = new(spec, store);
    private readonly ToolRunState _state = new(spec.ModelEventsSeen);
    private int _questions;
    private int _modelCalls = spec.ModelCallsMade;
    private ResolvedModel? _model;

    private static ToolException NoModel => new("This tool needs a model, and the server has no default one: set FuncChat__DefaultModel.");

    public string Id => spec.RunId;

    public ToolUser User { get; } = spec.User ?? ToolUser.Unknown;

    /// <summary>Runs the tool. Never throws: a failure is an outcome.</summary>
    public async Task ExecuteAsync()
    {
        var observed = telemetry.StartToolRun(spec, time);
        var outcome = await OutcomeAsync();
        observed.End(outcome, cancelled: outcome.Failed && _cancelled.IsCancellationRequested);
        _state.Change(state => state with { Status = ToolRunStatus.Ended, Outcome = outcome });
    }

    /// <summary>Cancels the run, which then ends with <see cref="ToolRunOutcome.Stopped"/>.</summary>
    public void Cancel()
    {
        try
        {
            _cancelled.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run has ended in the meantime.
        }
    }

    public void Dispose()
    {
        _cancelled.Dispose();
        foreach (var file in _files)
            file.Memory.Dispose();
    }

    /// <inheritdoc cref="ToolRunState.WatchAsync"/>
    public IAsyncEnumerable<ToolRunSnapshot> WatchAsync(int modelEventsSeen, CancellationToken cancellationToken) => _state.WatchAsync(modelEventsSeen, cancellationToken);

    public void Report(string message, int? completed = null, int? total = null) =>
        _state.Change(state => state with { Message = Redact(message), Completed = completed, Total = total });

    public Task<string> AskModelAsync(string phase, string instructions, string prompt, CancellationToken cancellationToken) =>
        new ToolModelCall(_model ?? throw NoModel, User.Id, meter, telemetry, time) { WaitsForBudget = spec.WaitsForBudget }.RunAsync(
            phase, Interlocked.Increment(ref _modelCalls), instructions, prompt, _state.Add, cancellationToken);

    public Task<T> StepAsync<T>(string name, Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken) => _steps.RunAsync(name, step, cancellationToken);

    public async Task<string?> KeepImageAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        User == ToolUser.Unknown ? null : await files.KeepImageAsync(User.Id, spec.Tool.Name, content, spec.ThreadId, cancellationToken);

    public async Task<UserFile?> ReadFileAsync(string idOrName, CancellationToken cancellationToken)
    {
        if (User == ToolUser.Unknown)
            return null;
        var file = await files.OpenAsync(User.Id, idOrName, cancellationToken);
        if (!file.Succeeded)
            return file.Error == FileErrors.NotFound ? null : throw new ToolException(file.Error.Message);
        _files.Enqueue(file.Value);
        return new UserFile(file.Value.File.Name, file.Value.File.MediaType, file.Value.Content);
    }

    public JsonElement? Ask(string message, JsonElement schema) =>
        (NextAnswer() ?? throw new ToolQuestionException(message, schema)).Content is { } content ? JsonElement.Parse(content.Utf8.Span) : null;

    public bool AskToAct(string message, OutsideAction action) => (NextAnswer() ?? throw new ToolQuestionException(message, action)).Content is not null;

    private ToolAnswer? NextAnswer()
    {
        var number = Interlocked.Increment(ref _questions);
        return number > spec.Answers.Count ? null : spec.Answers[number - 1];
    }

    private async Task<ToolRunOutcome> OutcomeAsync()
    {
        try
        {
            // Another instance may run another version of the app, or have other settings, than the one that started the run.
            if (await tools.OpenAsync(spec.Tool, User, _cancelled.Token) is not { } tool)
                return ToolRunOutcome.Failure("The tool is not available any more, or it has changed.");
            if (spec.Model.Length > 0 && !models.TryResolve(spec.Model, out _model, out var unknown))
                return ToolRunOutcome.Failure(unknown.Message);
            if (tool.Policy.LongRunning)
                return await ResumeAsync(tool);
            if (spec.FirstRunId is { } first)
                _steps.Restore(await store.ReadAsync(first, _cancelled.Token));
            return await InvokeAsync(tool);
        }
        catch (Exception) when (_cancelled.IsCancellationRequested)
        {
            return ToolRunOutcome.Stopped;
        }
        catch (ToolSourceException e)
        {
            return ToolRunOutcome.Failure(e.Message);
        }
        catch (ToolRunStoreException e)
        {
            // Not stored, so a later attempt resumes after the last stored step.
            LogNotStored(spec.Tool.Name, Id, e);
            return ToolRunOutcome.Unavailable;
        }
        catch (Exception e)
        {
            LogCrashed(spec.Tool.Name, Id, e);
            return ToolRunOutcome.Crashed;
        }
    }

    private async Task<ToolRunOutcome> ResumeAsync(Tool tool)
    {
        _steps.StoresEach = true;
        var entries = await store.ReadAsync(Id, _cancelled.Token);
        if (entries.LastOrDefault(entry => entry.Outcome is not null)?.Outcome is { } ended)
            return ended;
        _steps.Restore(spec.FirstRunId is { } first ? await store.ReadAsync(first, _cancelled.Token) : entries);
        var outcome = await InvokeAsync(tool);
        await store.AppendAsync(Id, new ToolRunEntry(null, null, outcome), _cancelled.Token);
        return outcome;
    }

    private async Task<ToolRunOutcome> InvokeAsync(Tool tool)
    {
        try
        {
            var arguments = JsonSerializer.Deserialize<Dictionary<string, object?>>(spec.Arguments) ?? [];
            var result = await tool.Function.InvokeAsync(Tool.ArgumentsFor(this, arguments), _cancelled.Token);
            return new ToolRunOutcome(Redact(ToContent(result)), Failed: false);
        }
        catch (ToolException e)
        {
            return ToolRunOutcome.Failure(Redact(e.Message));
        }
        catch (ToolQuestionException question)
        {
            await _steps.StoreAsync(_cancelled.Token);
            return new ToolRunOutcome("", Failed: false) { Question = QuestionOf(question) };
        }
        catch (BudgetNeededException budget)
        {
            await _steps.StoreAsync(_cancelled.Token);

            // An instance of an earlier version, which does not know the need, takes it for a failure.
            return ToolRunOutcome.Failure(BudgetErrors.Denied(budget.Need.Limit).Message) with { Budget = budget.Need };
        }
        catch (Exception e) when (e is not ToolRunStoreException && !_cancelled.IsCancellationRequested)
        {
            LogCrashed(spec.Tool.Name, Id, e);
            return ToolRunOutcome.Crashed;
        }
    }

    // Text stays text; everything else becomes JSON.
    private static string ToContent(object? result) => result switch
    {
        null => "null",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        JsonElement json => JsonSerializer.Serialize(json, EngineJson.Relaxed.JsonElement),
        _ => JsonSerializer.Serialize(result, result.GetType(), ResultOptions),
    };

    private ToolQuestion QuestionOf(ToolQuestionException question) => new(Redact(question.Message), Redact(question.Schema))
    {
        Url = question.Action?.Url is { } url ? Redact(url) : null,
        SignIn = question.Action?.SignIn,
    };

    private string Redact(string text) => secrets.Redact(text);

    private RawJson Redact(JsonElement schema)
    {
        try
        {
            return RawJson.Of(JsonElement.Parse(Redact(schema.GetRawText())));
        }
        catch (JsonException)
        {
            // A key within an escape sequence.
            return new RawJson("{}"u8.ToArray());
        }
    }

    [LoggerMessage(201, LogLevel.Error, "Tool {Tool}, run {RunId}, failed unexpectedly")]
    private partial void LogCrashed(string tool, string runId, Exception exception);

    [LoggerMessage(203, LogLevel.Error, "Tool {Tool}, run {RunId}, ended because its steps can't be stored")]
    private partial void LogNotStored(string tool, string runId, Exception exception);
}

using System.Text.Json;
using System.Threading.Channels;
using FuncChat.Tools;

namespace FuncChat.Tests.Mcp;

/// <summary>A run that keeps what its tool reports, and answers its questions.</summary>
internal sealed class McpRun(ToolUser? user = null) : IToolRun
{
    private readonly Channel<(string Message, int? Completed, int? Total)> _reports = Channel.CreateUnbounded<(string, int?, int?)>();
    private readonly Dictionary<string, object?> _steps = [];
    private int _questions;

    public string Id => "run-1";

    /// <summary>The answers to the tool's questions; the next one ends the run.</summary>
    public IReadOnlyList<JsonElement> Answers { get; init; } = [];

    /// <summary>The id of the first image that is kept; the others are not.</summary>
    public string? KeptImage { get; init; }

    public List<ReadOnlyMemory<byte>> Images { get; } = [];

    public Task<string?> KeepImageAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Images.Add(content);
        return Task.FromResult(Images.Count == 1 ? KeptImage : null);
    }

    public ToolUser User => user ?? ToolUser.Unknown;

    public void Report(string message, int? completed = null, int? total = null) => _reports.Writer.TryWrite((message, completed, total));

    /// <summary>How many reports have not been read.</summary>
    public int ReportCount => _reports.Reader.Count;

    public ValueTask<(string Message, int? Completed, int? Total)> NextReportAsync() => _reports.Reader.ReadAsync();

    public Task<string> AskModelAsync(string phase, string instructions, string prompt, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async Task<T> StepAsync<T>(string name, Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        if (!_steps.TryGetValue(name, out var done))
            _steps[name] = done = await step(cancellationToken);
        return (T)done!;
    }

    public JsonElement? Ask(string message, JsonElement schema) =>
        _questions < Answers.Count ? Answers[_questions++] : throw new ToolQuestionException(message, schema);

    public bool AskToAct(string message, OutsideAction action) =>
        _questions < Answers.Count ? Answers[_questions++].ValueKind == JsonValueKind.Object : throw new ToolQuestionException(message, action);
}

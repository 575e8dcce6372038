using System.Collections.Concurrent;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Chat.Approvals;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using FuncChat.Tools;

namespace FuncChat.Tests.Engine.Chat.Approvals;

/// <summary>Instances that share a store and a scripted model, with a tool that sends mail and one that reads it.</summary>
internal sealed class ApprovalBench : IDisposable
{
    public const string Send = "send_mail";
    public const string Read = "read_mail";
    public const string Gated = "gated_mail";
    public const string Page = "read_page";
    public const string Book = "book_room";
    public const string BookLong = "book_room_long";

    private readonly TemporaryFolder _folder = new();
    private readonly SharedMemory _memory = new();
    private readonly List<TurnBench> _instances = [];
    private readonly bool _writeBehind;

    public ApprovalBench(bool writeBehind, Action<ApprovalOptions>? approvals = null, Action<TurnOptions>? configure = null)
    {
        _writeBehind = writeBehind;
        Tools =
        [
            Tool.FromMethod(SendMail, Send, "Sends mail."),
            Tool.FromMethod(() => "no mail", Read, "Reads mail.", readOnly: true),
            Tool.FromMethod(WaitAsync, Gated, "Waits.", readOnly: true),
            ReadPageTool(),
            Tool.FromMethod(BookRoom, Book, "Books a room.", readOnly: true),
            Tool.FromMethod(BookRoom, BookLong, "Books a room, and may take long.", longRunning: true, readOnly: true),
        ];
        Configure = configure;
        Approvals = approvals;
        First = Instance();
    }

    public IReadOnlyList<Tool> Tools { get; }

    public FakeModel Model { get; } = new();

    public TurnBench First { get; }

    /// <summary>To whom mail was sent, which pages were read, and each search for a room.</summary>
    public ConcurrentQueue<string> Sent { get; } = [];

    /// <summary>Set when the gated tool runs.</summary>
    public ManualSignal Running { get; } = new();

    /// <summary>What the gated tool waits for.</summary>
    public ManualSignal Go { get; } = new();

    private Action<ApprovalOptions>? Approvals { get; }

    private Action<TurnOptions>? Configure { get; }

    public static ChatTurnRequest Request { get; } = TurnBench.Request(Send, Read, Gated, Book, BookLong);

    public static TurnSignal Signal(string type, string requestId = "req_1", RequestAnswer? answer = null, string by = TurnBench.User) =>
        new(type) { RequestId = requestId, By = by, At = DateTimeOffset.UnixEpoch, Payload = (answer ?? new RequestAnswer()).ToJson() };

    public static TurnSignal Approve(string requestId = "req_1") => Signal(SignalType.Approve, requestId);

    /// <summary>Another instance over the same store.</summary>
    /// <param name="after">How much later it is there than on the first.</param>
    /// <param name="approvals">Its own settings, in place of those of the first.</param>
    public TurnBench Instance(TimeSpan after = default, Action<ApprovalOptions>? approvals = null)
    {
        var bench = new TurnBench(
            Configure, _writeBehind ? new MemoryTurnStore(_memory) : new FileTurnStore(_folder.Path), _folder.Path, model: Model, tools: Tools, approvals: approvals ?? Approvals);
        bench.Time.Advance(after);
        _instances.Add(bench);
        return bench;
    }

    /// <summary>Starts a turn on the first instance and reads it until it is parked.</summary>
    public async Task<IReadOnlyList<SseEvent>> ParkAsync(ChatTurnRequest? request = null)
    {
        await using var reader = await First.StartAsync(request ?? Request);
        var events = await reader.EventsToEndAsync();
        await reader.Completion;
        Assert.Equal("parked", events[^1].Name);
        return events;
    }

    /// <summary>Answers a request, and returns the events after it once the turn no longer runs.</summary>
    public async Task<IReadOnlyList<SseEvent>> AnswerAsync(TurnSignal signal, TurnBench? instance = null)
    {
        var bench = instance ?? First;
        var before = await EventsAsync(bench);
        var (error, completion) = await SendAsync(signal, bench);
        Assert.Null(error);
        await completion;
        return [.. (await EventsAsync(bench)).Skip(before.Count)];
    }

    public async Task<(AppError? Error, Task Completion)> SendAsync(TurnSignal signal, TurnBench? instance = null) =>
        await (instance ?? First).Turns.SignalAsync(TurnBench.Key("turn-0001"), signal with { At = (instance ?? First).Time.GetUtcNow() }, CancellationToken.None);

    /// <summary>The stored events, without continuing the turn.</summary>
    public async Task<IReadOnlyList<SseEvent>> EventsAsync(TurnBench? instance = null)
    {
        var text = "";
        await using var reader = (await (instance ?? First).Log.OpenAsync(TurnBench.Key("turn-0001"), CancellationToken.None))!;
        for (var last = 0L; await reader.ReadAsync(last, CancellationToken.None) is { IsEmpty: false } page; last = page.LastId)
            text += System.Text.Encoding.UTF8.GetString(page.Frames.Span);
        return SseEvent.Parse(text);
    }

    public void Dispose()
    {
        _instances.ForEach(instance => instance.Dispose());
        _folder.Dispose();
    }

    private Tool ReadPageTool()
    {
        var tool = Tool.FromMethod(ReadPage, Page, "Reads a page.", returnsUntrusted: true);
        return tool with { Policy = tool.Policy with { FetchesUrl = true } };
    }

    private string ReadPage(string url)
    {
        Sent.Enqueue(url);
        return "See https://good.test/";
    }

    private string SendMail(string to)
    {
        Sent.Enqueue(to);
        return $"sent to {to}";
    }

    private async Task<string> BookRoom(IToolRun run, CancellationToken cancellationToken)
    {
        await run.StepAsync("search", SearchAsync, cancellationToken);
        var schema = JsonElement.Parse("""{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}""");
        var hotel = run.Ask("Which hotel?", schema);
        return $"{hotel?.GetProperty("name").GetString() ?? "any"}, for {run.Ask("For whom?", schema)?.GetProperty("name").GetString() ?? "no guest"}";
    }

    private Task<int> SearchAsync(CancellationToken cancellationToken)
    {
        Sent.Enqueue("searched");
        return Task.FromResult(3);
    }

    private async Task<string> WaitAsync(CancellationToken cancellationToken)
    {
        Running.Set();
        await Go.WaitAsync(cancellationToken);
        return "done";
    }
}

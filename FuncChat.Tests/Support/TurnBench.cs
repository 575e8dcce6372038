using FuncChat.Engine;
using FuncChat.Engine.Approvals;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Chat.Approvals;
using FuncChat.Engine.Files;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Store;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.Threads;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Turns;
using FuncChat.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Support;

/// <summary>
/// The engine without a host: turns over a scripted model and gated tools, kept in files of the bench's own, with a clock that the test moves.
/// </summary>
internal sealed class TurnBench : IDisposable
{
    public const string User = "ada";

    private readonly TemporaryFolder? _folder;
    private readonly ServiceProvider _services;

    public TurnBench(
        Action<TurnOptions>? configure = null, ITurnStore? log = null, string? dataPath = null, IToolRunner? runner = null, FakeModel? model = null,
        IEnumerable<Tool>? tools = null, EngineTelemetry? telemetry = null, ModelCatalog? models = null, Action<ApprovalOptions>? approvals = null,
        IFileStore? files = null, Action<IServiceCollection>? replace = null)
    {
        Model = model ?? new FakeModel();
        _folder = dataPath is null ? new TemporaryFolder() : null;
        DataPath = dataPath ?? _folder!.Path;
        var catalog = new ToolCatalog(tools ?? Tools.All);
        _services = TestEngine.Create(services =>
        {
            services.AddSingleton<TimeProvider>(Time).AddSingleton(models ?? Model.Catalog).AddSingleton(catalog);
            services.AddStore(log ?? new FileTurnStore(DataPath, Time)).AddSingleton<IToolRunStore>(new FileToolRunStore(DataPath))
                .AddSingleton<IThreadStore>(new FileThreadStore(DataPath)).AddSingleton<IWaitingTurnStore>(new FileWaitingTurnStore(DataPath))
                .AddSingleton(files ?? new FolderFileStore(DataPath));
            services.Configure(configure ?? (_ => { })).Configure(approvals ?? (_ => { }));
            if (runner is not null)
                services.AddSingleton(runner);
            if (telemetry is not null)
                services.AddSingleton(telemetry);
            replace?.Invoke(services);
        });
        Turns = _services.GetRequiredService<TurnService>();
    }

    public string DataPath { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public FakeModel Model { get; }

    public GatedTools Tools { get; } = new();

    public ITurnStore Log => _services.GetRequiredService<ITurnStore>();

    public IToolRunner Runner => _services.GetRequiredService<IToolRunner>();

    public TurnService Turns { get; }

    /// <summary>The services of the engine, as of a request's scope.</summary>
    public IServiceProvider Services => _services;

    public TurnRuntime Runtime => _services.GetRequiredService<TurnRuntime>();

    public TurnKinds Kinds => _services.GetRequiredService<TurnKinds>();

    public static ChatTurnRequest Request(params string[] tools) => new()
    {
        Model = FakeModel.Name,
        Messages = [new RawJson("""{"role":"user","content":"Hello"}"""u8.ToArray())],
        Tools = [.. tools.Select(ToolRef.Parse)],
        Fingerprint = "f",
    };

    public static TurnKey Key(string turnId) => new(User, turnId);

    /// <summary>Another instance over the same data.</summary>
    public TurnBench Another(Action<TurnOptions>? configure = null) => new(configure, dataPath: DataPath);

    /// <summary>Starts a turn and reads it.</summary>
    public Task<TurnReader> StartAsync(string turnId = "turn-0001", params string[] tools) =>
        ReaderAsync(token => Turns.StartAsync(User, turnId, Request(tools), token));

    public Task<TurnReader> StartAsync(TurnRequest request, string turnId = "turn-0001") =>
        ReaderAsync(token => Turns.StartAsync(User, turnId, request, token));

    public Task<TurnReader> FollowAsync(string turnId = "turn-0001", long after = 0) =>
        ReaderAsync(token => Turns.FollowAsync(Key(turnId), after, token));

    /// <summary>Runs a turn of these tools to its end.</summary>
    public async Task<IReadOnlyList<SseEvent>> RunAsync(params string[] tools)
    {
        await using var reader = await StartAsync("turn-0001", tools);
        return await reader.EventsToEndAsync();
    }

    /// <summary>Moves the clock on, as slowly as the store completes its calls, until the task has ended.</summary>
    public async Task AdvanceUntilAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            await task.WaitAsync(TimeSpan.FromMilliseconds(5), TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>Ends when no turn runs any more.</summary>
    public Task QuietAsync() => Task.WhenAll(Runtime.Live.All.Select(turn => turn.Value.Completion));

    public void Dispose()
    {
        _services.Dispose();
        _folder?.Dispose();
    }

    // Off the test's own context: turns are to run as on a server.
    private static async Task<TurnReader> ReaderAsync(Func<CancellationToken, Task<Result<FollowedTurn>>> follow)
    {
        var leaving = new CancellationTokenSource();
        var followed = await Task.Run(() => follow(leaving.Token));
        Assert.True(followed.Succeeded, followed.Error?.Message);
        Assert.NotNull(followed.Value.Follower);
        return new TurnReader(followed.Value.Follower, leaving) { Completion = followed.Value.Completion };
    }
}

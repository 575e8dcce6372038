using FuncChat.Engine;
using FuncChat.Engine.Store;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Turns;
using FuncChat.Tools;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Support;

/// <summary>
/// The engine without a host: turns over a scripted model and gated tools, kept in files of the bench's own, with a clock that the test moves.
/// </summary>
internal sealed class TurnBench : IDisposable
{
    public const string User = "ada";

    private readonly TemporaryFolder? _folder;

    public TurnBench(
        Action<TurnOptions>? configure = null, ITurnStore? log = null, string? dataPath = null, IToolRunner? runner = null, FakeModel? model = null,
        IEnumerable<Tool>? tools = null, EngineTelemetry? telemetry = null)
    {
        Model = model ?? new FakeModel();
        _folder = dataPath is null ? new TemporaryFolder() : null;
        DataPath = dataPath ?? _folder!.Path;
        var options = new TurnOptions();
        configure?.Invoke(options);
        Log = log ?? new FileTurnStore(DataPath);
        var catalog = new ToolCatalog(tools ?? Tools.All);
        Runner = runner ?? new InProcessToolRunner(
            catalog, Model.Catalog, new FileToolRunStore(DataPath), Time, NullLogger<InProcessToolRunner>.Instance, telemetry);
        var factory = new TurnFactory(Model.Catalog, catalog, NoWeb.Search, NoWeb.Reader, Options.Create(options), Time, telemetry);
        Turns = new TurnService(Log, factory, Options.Create(options), Time, NullLogger<TurnService>.Instance, telemetry: telemetry);
    }

    public string DataPath { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public FakeModel Model { get; }

    public GatedTools Tools { get; } = new();

    public ITurnStore Log { get; }

    public IToolRunner Runner { get; }

    public TurnService Turns { get; }

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
        ReaderAsync(token => Turns.StartAsync(User, turnId, Request(tools), Runner, token));

    public Task<TurnReader> StartAsync(TurnRequest request, string turnId = "turn-0001") =>
        ReaderAsync(token => Turns.StartAsync(User, turnId, request, Runner, token));

    public Task<TurnReader> FollowAsync(string turnId = "turn-0001", long after = 0) =>
        ReaderAsync(token => Turns.FollowAsync(Key(turnId), after, Runner, token));

    /// <summary>Runs a turn of these tools to its end.</summary>
    public async Task<IReadOnlyList<SseEvent>> RunAsync(params string[] tools)
    {
        await using var reader = await StartAsync("turn-0001", tools);
        return await reader.EventsToEndAsync();
    }

    /// <summary>Ends when no turn runs any more.</summary>
    public Task QuietAsync() => Task.WhenAll(Turns.Live.All.Select(turn => turn.Value.Completion));

    public void Dispose()
    {
        Turns.Dispose();
        _folder?.Dispose();
    }

    // Off the test's own context: turns are to run as on a server.
    private static async Task<TurnReader> ReaderAsync(Func<CancellationToken, Task<Result<FollowedTurn>>> follow)
    {
        var leaving = new CancellationTokenSource();
        var followed = await Task.Run(() => follow(leaving.Token));
        Assert.True(followed.Succeeded, followed.Error?.Message);
        Assert.NotNull(followed.Value.Follower);
        return new TurnReader(followed.Value.Follower, leaving);
    }
}

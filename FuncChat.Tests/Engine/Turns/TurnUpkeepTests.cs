using FuncChat.Engine.Approvals;
using FuncChat.Engine.Store;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Engine.Turns;

public sealed class TurnUpkeepTests : IDisposable
{
    private readonly TurnBench _bench = new();

    [Fact]
    public async Task Instance_whose_clock_is_wrong_removes_no_turn_and_no_tool_run()
    {
        _bench.Model.Calls(("a", GatedTools.Steps, "{}")).Says("Done.");
        _bench.Tools.Go.Set();
        await _bench.RunAsync(GatedTools.Steps);
        await _bench.QuietAsync();
        await _bench.Services.GetRequiredService<ApprovalQueue>().AddAsync(TurnBench.Key("turn-0001"), CancellationToken.None);
        var before = Files();
        _bench.Time.SetUtcNow(TimeProvider.System.GetUtcNow().AddDays(2));

        await RemoveExpiredAsync(TimeSpan.FromHours(24));

        Assert.Equal([".json", ".jsonl", ".log"], before.Select(Path.GetExtension).Order());
        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task Turn_and_what_is_stored_next_to_it_expire_together()
    {
        _bench.Model.Calls(("a", GatedTools.Steps, "{}")).Says("Done.");
        _bench.Tools.Go.Set();
        await _bench.RunAsync(GatedTools.Steps);
        await _bench.QuietAsync();
        await _bench.Services.GetRequiredService<ApprovalQueue>().AddAsync(TurnBench.Key("turn-0001"), CancellationToken.None);

        await RemoveExpiredAsync(TimeSpan.FromDays(-1));

        Assert.Empty(Files());
    }

    [Fact]
    public async Task Instances_that_share_a_store_remove_expired_turns_once_in_an_interval()
    {
        var shared = new SharedWork();
        _bench.Model.Says("Done.");
        await _bench.RunAsync();
        await _bench.QuietAsync();
        (shared.Age, shared.Recorded) = (TimeSpan.FromMinutes(13), 0);
        await RemoveExpiredAsync(TimeSpan.FromHours(1), shared);
        Assert.Equal(0, shared.Recorded);
        shared.Age = TimeSpan.FromMinutes(15);

        await RemoveExpiredAsync(TimeSpan.FromHours(1), shared);

        Assert.Equal(1, shared.Recorded);
    }

    [Fact]
    public async Task Removal_that_failed_is_not_recorded_as_done()
    {
        var shared = new SharedWork();
        var store = new MemoryTurnStore(new SharedMemory()) { Outage = () => new IOException("The disk is away.") };
        using var bench = new TurnBench(log: store);

        await RemoveExpiredAsync(TimeSpan.FromHours(1), shared, bench);

        Assert.Equal(0, shared.Recorded);
    }

    public void Dispose() => _bench.Dispose();

    private async Task RemoveExpiredAsync(TimeSpan retention, IDoneWork? shared = null, TurnBench? other = null)
    {
        var bench = other ?? _bench;
        using var upkeep = new TurnUpkeep(
            bench.Runtime, bench.Services.GetRequiredService<TurnStorage>(), bench.Services.GetServices<IToolRunStore>(), bench.Services.GetRequiredService<ApprovalQueue>(),
            new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), Options.Create(bench.Runtime.Options with { Retention = retention }), bench.Time,
            NullLogger<TurnUpkeep>.Instance, shared);
        await upkeep.RemoveExpiredAsync(CancellationToken.None);
    }

    private sealed class SharedWork : IDoneWork
    {
        public TimeSpan? Age { get; set; }

        public int Recorded { get; set; }

        public Task<TimeSpan?> FindAgeAsync(string work, CancellationToken cancellationToken) => Task.FromResult(Age);

        public Task RecordAsync(string work, CancellationToken cancellationToken)
        {
            Recorded++;
            return Task.CompletedTask;
        }
    }

    private List<string> Files() =>
        [.. Directory.EnumerateFiles(_bench.DataPath, "*", SearchOption.AllDirectories).Where(path => Path.GetExtension(path) is ".log" or ".jsonl" or ".json").Order(StringComparer.Ordinal)];
}

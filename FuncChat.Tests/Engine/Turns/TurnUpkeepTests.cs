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

    public void Dispose() => _bench.Dispose();

    private async Task RemoveExpiredAsync(TimeSpan retention)
    {
        using var upkeep = new TurnUpkeep(
            _bench.Runtime, _bench.Services.GetRequiredService<TurnStorage>(), _bench.Services.GetServices<IToolRunStore>(), _bench.Services.GetRequiredService<ApprovalQueue>(),
            new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), Options.Create(_bench.Runtime.Options with { Retention = retention }), _bench.Time,
            NullLogger<TurnUpkeep>.Instance);
        await upkeep.RemoveExpiredAsync(CancellationToken.None);
    }

    private List<string> Files() =>
        [.. Directory.EnumerateFiles(_bench.DataPath, "*", SearchOption.AllDirectories).Where(path => Path.GetExtension(path) is ".log" or ".jsonl" or ".json").Order(StringComparer.Ordinal)];
}

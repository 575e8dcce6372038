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
        var before = Files();
        _bench.Time.SetUtcNow(TimeProvider.System.GetUtcNow().AddDays(2));
        using var upkeep = new TurnUpkeep(
            _bench.Runtime, _bench.Services.GetRequiredService<TurnStorage>(), _bench.Services.GetServices<IToolRunStore>(),
            new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), Options.Create(_bench.Runtime.Options), _bench.Time, NullLogger<TurnUpkeep>.Instance);

        await upkeep.RemoveExpiredAsync(CancellationToken.None);

        Assert.Equal([".jsonl", ".log"], before.Select(Path.GetExtension).Order());
        Assert.Equal(before, Files());
    }

    public void Dispose() => _bench.Dispose();

    private List<string> Files() =>
        [.. Directory.EnumerateFiles(_bench.DataPath, "*", SearchOption.AllDirectories).Where(path => Path.GetExtension(path) is ".log" or ".jsonl").Order(StringComparer.Ordinal)];
}

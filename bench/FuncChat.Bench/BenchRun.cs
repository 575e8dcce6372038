using System.Globalization;
using FuncChat.Bench.Client;
using FuncChat.Bench.Report;
using FuncChat.Bench.Scenarios;
using FuncChat.Bench.Servers;
using FuncChat.Bench.Upstream;

namespace FuncChat.Bench;

/// <summary>Runs scenarios, and writes what they measured into the results, docs/performance.md and its chart.</summary>
/// <param name="tools">What run.sh has built and installed.</param>
internal sealed class BenchRun(string root, string tools) : IDisposable
{
    // `ROUNDS=1 ./bench/run.sh` is for a first look.
    private static readonly int? Rounds =
        int.TryParse(Environment.GetEnvironmentVariable("ROUNDS"), CultureInfo.InvariantCulture, out var rounds) ? rounds : null;

    // `SERVERS=FuncChat ./bench/run.sh paced` leaves the peers out.
    private static readonly string Servers = Environment.GetEnvironmentVariable("SERVERS") ?? "";

    private readonly ScriptedUpstream _upstream = new();
    private readonly Targets _targets = new(tools);
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(tools, "data")).FullName;
    private readonly Results _results = new(Path.Combine(root, "bench", "results", "results.json"));
    private readonly Document _document = new(Path.Combine(root, "docs", "performance.md"));

    /// <param name="names">The scenarios to run; none for all, `tables` for only writing the tables and the chart of what was measured.</param>
    public async Task RunAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var startTime = new StartTime(_upstream.EndPoint, _folder);
        var scenarios = new AllScenarios(
            _targets, startTime, new GrowthScenarios(_targets, startTime, _upstream.EndPoint, _folder),
            new StorageOperations(Path.Combine(tools, "azurite.log"))).All().ToList();
        if (names is ["tables"])
        {
            Write(scenarios);
            return;
        }

        if (names.Except(scenarios.Select(scenario => scenario.Name)).FirstOrDefault() is { } unknown)
            throw new BenchException($"There is no scenario '{unknown}'. There are: {string.Join(' ', scenarios.Select(scenario => scenario.Name))}.");
        var wanted = scenarios.Where(scenario => names.Count == 0 || names.Contains(scenario.Name));
        var failed = new List<string>();
        foreach (var scenario in wanted.Where(scenario => scenario.Targets.Any(_targets.IsHere)))
        {
            try
            {
                var result = await RunAsync(scenario, cancellationToken);
                _results.Save(result);
                Console.WriteLine($"\n{Table.Of(scenario, result)}");
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Console.Error.WriteLine($"\n{scenario.Name} has no figures: {e.Message}");
                failed.Add(scenario.Name);
            }
        }

        Write(scenarios);
        if (failed.Count > 0)
            throw new BenchException($"These scenarios failed: {string.Join(' ', failed)}. Their tables are those of an earlier run.");
    }

    // What the servers wrote is deleted after the last measurement: just after thousands of files were deleted, ext4 takes many times as long to create one.
    public void Dispose()
    {
        _upstream.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Write(IEnumerable<Scenario> scenarios)
    {
        foreach (var scenario in scenarios)
        {
            if (_results.Of(scenario.Name) is { } result)
                _document.Replace(scenario.Name, Table.Of(scenario, result));
        }

        var bounds = new Bounds(_results);
        _document.Replace("targets", bounds.Targets());
        _document.Replace("growth", bounds.Growth());
        File.WriteAllText(Path.Combine(root, "docs", "images", "performance.svg"), Chart.Of(_results));
    }

    private async Task<ScenarioResult> RunAsync(Scenario scenario, CancellationToken cancellationToken)
    {
        var date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        var usedByOthers = await Machine.UsedByOthersAsync(cancellationToken);
        var targets = scenario.Targets.Where(target => _targets.IsHere(target) && target.Name.StartsWith(Servers, StringComparison.Ordinal)).ToList();
        var rounds = targets.ToDictionary(target => target.Name, _ => new List<Figures>(), StringComparer.Ordinal);

        // Together where they take turns, one by one where not.
        foreach (var group in scenario.Interleaved ? [targets] : targets.Select(target => new List<Target> { target }))
            await RunAsync(scenario, group, rounds, cancellationToken);
        return new ScenarioResult(
            scenario.Name, date, Machine.Shape(), usedByOthers, scenario.Note,
            [.. targets.Select(target => new TargetResult(target.Name, Figures.MedianOf(rounds[target.Name]), rounds[target.Name]))]);
    }

    private async Task RunAsync(
        Scenario scenario, List<Target> targets, Dictionary<string, List<Figures>> rounds, CancellationToken cancellationToken)
    {
        var servers = new List<RunningServer>();
        try
        {
            foreach (var target in targets)
            {
                servers.Add(await RunningServer.StartAsync(target, _upstream.EndPoint, _folder, cancellationToken));
                await scenario.WarmUp(servers[^1], cancellationToken);
            }

            var count = Rounds ?? scenario.Rounds;
            for (var round = 1; round <= count; round++)
            {
                foreach (var server in servers)
                {
                    Console.Write($"\r{scenario.Name}, round {round} of {count}: {server.Target.Name,-40}");
                    rounds[server.Target.Name].Add(await scenario.Measure(server, cancellationToken));
                }
            }
        }
        finally
        {
            foreach (var server in servers)
                await server.DisposeAsync();
        }
    }
}

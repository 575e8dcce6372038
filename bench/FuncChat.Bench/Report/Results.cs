using System.Text.Json;
using System.Text.Json.Serialization;
using FuncChat.Bench.Scenarios;

namespace FuncChat.Bench.Report;

/// <summary>The results of the latest run of each scenario, as in bench/results/results.json.</summary>
internal sealed class Results(string file)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly SortedDictionary<string, ScenarioResult> _all = File.Exists(file)
        ? JsonSerializer.Deserialize<SortedDictionary<string, ScenarioResult>>(File.ReadAllText(file), Json)!
        : [];

    public ScenarioResult? Of(string scenario) => _all.GetValueOrDefault(scenario);

    public void Save(ScenarioResult result)
    {
        _all[result.Scenario] = result;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, JsonSerializer.Serialize(_all, Json) + "\n");
    }
}

/// <param name="Date">UTC, to the minute.</param>
/// <param name="UsedByOthers">The share of all cores that others used just before.</param>
internal sealed record ScenarioResult(
    string Scenario, string Date, string Machine, double UsedByOthers, string? Note, IReadOnlyList<TargetResult> Targets);

internal sealed record TargetResult(string Name, Figures Median, IReadOnlyList<Figures> Rounds);

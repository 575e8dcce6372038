using System.Globalization;
using System.Text;
using FuncChat.Bench.Scenarios;
using FuncChat.Bench.Servers;

namespace FuncChat.Bench.Report;

/// <summary>A scenario's results in Markdown.</summary>
internal static class Table
{
    public static string Of(Scenario scenario, ScenarioResult result)
    {
        var own = result.Targets.FirstOrDefault(target => target.Name == TargetNames.FuncChat)?.Median;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"| {scenario.Title} | {string.Join(" | ", scenario.Columns.Select(column => column.Title))} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---{string.Concat(scenario.Columns.Select(_ => "|---:"))}|");
        foreach (var target in result.Targets)
        {
            var cells = scenario.Columns.Select(column => Cell(column, target.Median, own));
            text.AppendLine(CultureInfo.InvariantCulture, $"| {Bold(target.Name)} | {string.Join(" | ", cells)} |");
        }

        text.AppendLine();
        text.Append(CultureInfo.InvariantCulture, $"`./bench/run.sh {scenario.Name}`, {result.Date}, {result.Machine}.");
        if (result.UsedByOthers > Machine.QuietShare)
            text.Append(CultureInfo.InvariantCulture, $" **Provisional: others used the machine ({result.UsedByOthers:0 %} of it).**");
        if (result.Note is not null)
            text.Append(' ').Append(result.Note);
        return text.AppendLine().ToString();
    }

    private static string Bold(string name) => name.StartsWith(TargetNames.FuncChat, StringComparison.Ordinal) ? $"**{name}**" : name;

    // How many times what FuncChat needs. The upstream itself is no process of its own, and has no CPU time.
    private static string Cell(Column column, Figures figures, Figures? own)
    {
        var value = figures.GetValueOrDefault(column.Figure);
        if (value == 0)
            return "–";
        var text = value.ToString(column.Format, CultureInfo.InvariantCulture);
        return column.HasRatio && own is not null && !ReferenceEquals(figures, own) && own.GetValueOrDefault(column.Figure) is var unit and > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{text} ({Ratio(value / unit)} ×)")
            : text;
    }

    private static string Ratio(double ratio) => ratio.ToString(ratio < 10 ? "0.00" : "0", CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;
using FuncChat.Bench.Scenarios;
using FuncChat.Bench.Servers;

namespace FuncChat.Bench.Report;

/// <summary>A picture of the two figures that matter most: CPU per event at a model's pace, and at full speed. The scale is logarithmic.</summary>
internal static class Chart
{
    private const int Width = 760;
    private const int NameWidth = 190;
    private const int BarWidth = 470;
    private const int BarHeight = 20;
    private const int Step = 28;

    private static readonly (string Scenario, string Title)[] Parts =
    [
        ("paced", "200 streams at a model's pace: CPU seconds per million events"),
        ("full-50", "50 streams at full speed: CPU seconds per million events"),
    ];

    public static string Of(Results results)
    {
        var body = new StringBuilder();
        var y = 24;
        foreach (var (scenario, title) in Parts)
        {
            if (results.Of(scenario) is not { } result)
                continue;
            body.AppendLine(CultureInfo.InvariantCulture, $"""<text class="title" x="10" y="{y}">{title}</text>""");
            y += 14;
            var bars = result.Targets
                .Select(target => (target.Name, Value: target.Median[Figures.CpuPerMillion]))
                .Where(bar => bar.Value > 0)
                .OrderBy(bar => bar.Value)
                .ToList();
            foreach (var (name, value) in bars)
            {
                AddBar(body, y, name, value, Math.Log10(value / bars[0].Value), Math.Log10(bars[^1].Value / bars[0].Value));
                y += Step;
            }

            y += 30;
        }

        return $$"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{Width}} {{y - 20}}" role="img" aria-label="CPU seconds per million events, less is better">
            <style>
            text { font: 13px system-ui, sans-serif; fill: #1f2328 } .title { font-weight: 600 } .bar { fill: #8c959f } .own { fill: #0969da }
            @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .bar { fill: #6e7681 } .own { fill: #4493f8 } }
            </style>
            {{body}}</svg>

            """;
    }

    private static void AddBar(StringBuilder body, int y, string name, double value, double size, double largest)
    {
        // The least has a bar too.
        var width = 40 + (largest > 0 ? (BarWidth - 40) * size / largest : 0);
        var kind = name == TargetNames.FuncChat ? "own" : "bar";
        var plain = name.Replace("`", "", StringComparison.Ordinal);
        body.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{NameWidth}" y="{y + 15}" text-anchor="end">{plain}</text>""");
        body.AppendLine(CultureInfo.InvariantCulture, $"""<rect class="{kind}" x="{NameWidth + 8}" y="{y}" width="{width:0}" height="{BarHeight}" rx="3"/>""");
        body.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{NameWidth + 14 + width:0}" y="{y + 15}">{value:0.00}</text>""");
    }
}

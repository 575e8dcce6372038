using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Architecture;

/// <summary>local.settings.sample.json offers what a person would set on their own machine, under names that the code reads.</summary>
public sealed partial class LocalSettingsSampleTests
{
    // Sections of docs/configuration.md; the others are for servers.
    private static readonly string[] Local = ["Models", "Who may use it", "Turns", "Tools"];
    private static readonly string[] OfTheHost =
        ["FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage", "AzureWebJobsDisableHomepage", "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"];

    private static readonly string[] Offered =
        [.. JsonNode.Parse(File.ReadAllText(Repository.PathOf("local.settings.sample.json")))!["Values"]!.AsObject().Select(value => value.Key)];

    [Fact]
    public void Sample_offers_every_well_known_setting()
    {
        var sections = File.ReadAllText(Repository.PathOf("docs", "configuration.md")).Split(["\n## ", "\n### "], StringSplitOptions.None)
            .Where(section => Local.Contains(section.Split('\n')[0]));

        var known = sections.SelectMany(section => WellKnown().Matches(section)).Select(row => row.Groups["name"].Value).ToList();

        Assert.Contains("SEARXNG_URL", known);
        Assert.Empty(known.Except(Offered));
    }

    [Fact]
    public void Sample_has_no_setting_that_is_never_read() =>
        Assert.Empty(Offered.Except(OfTheHost).Except(CodeSettings.All().Select(setting => setting.Name)));

    // Those whose names are not ours, which people know from elsewhere.
    [GeneratedRegex(@"^\| `(?<name>[A-Z_]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WellKnown();
}

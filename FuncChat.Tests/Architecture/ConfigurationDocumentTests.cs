using System.Text.RegularExpressions;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Architecture;

/// <summary>docs/configuration.md and the code name the same settings, with the same defaults.</summary>
public sealed partial class ConfigurationDocumentTests
{
    private static readonly Dictionary<string, string> Documented = Row()
        .Matches(File.ReadAllText(Repository.PathOf("docs", "configuration.md")))
        .ToDictionary(row => row.Groups["name"].Value, row => row.Groups["default"].Value, StringComparer.Ordinal);

    [Fact]
    public void Document_names_every_setting_that_the_code_reads() =>
        Assert.Empty(CodeSettings.All().Select(setting => setting.Name).Except(Documented.Keys));

    [Fact]
    public void Document_names_no_setting_that_the_code_does_not_read() =>
        Assert.Empty(Documented.Keys.Except(CodeSettings.All().Select(setting => setting.Name)));

    [Fact]
    public void Document_gives_the_defaults_that_the_code_has()
    {
        var wrong = CodeSettings.All()
            .Where(setting => setting.Default is not null && Documented.TryGetValue(setting.Name, out var given) && given != setting.Default);

        Assert.Empty(wrong);
    }

    // Set UPDATE_DOCS=1 to write the ranges into the document.
    [Fact]
    public void Document_gives_the_ranges_that_the_code_checks()
    {
        var path = Repository.PathOf("docs", "configuration.md");
        var lines = File.ReadAllText(path);
        var ranges = CodeSettings.All().ToDictionary(setting => setting.Name, setting => setting.Range, StringComparer.Ordinal);
        var expected = Rows().Replace(lines, row =>
        {
            var range = ranges.GetValueOrDefault(row.Groups["name"].Value);
            var text = RangeSentence().Replace(row.Groups["text"].Value, "");
            return $"{row.Groups["start"].Value}{text}{(range is null ? "" : $" Must be {range}.")} |";
        });
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            File.WriteAllText(path, expected);

        Assert.Equal(expected, lines);
    }

    [GeneratedRegex(@"^(?<start>\| `(?<name>[^`]+)` \|[^|]*\|)(?<text>.*?) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rows();

    [GeneratedRegex(@" Must be (from \S+ to \S+|at least \S+)\.$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RangeSentence();

    // The first two cells of a row: the name, and the default if there is one.
    [GeneratedRegex(@"^\| `(?<name>[^`]+)` \| (`(?<default>[^`]*)`)?", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}

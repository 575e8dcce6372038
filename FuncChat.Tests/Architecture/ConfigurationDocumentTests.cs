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

    // The first two cells of a table's row: the name, and the default where one stands there.
    [GeneratedRegex(@"^\| `(?<name>[^`]+)` \| (`(?<default>[^`]*)`)?", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}

using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using FuncChat.Tests.Support;
using Xunit.Sdk;

namespace FuncChat.Tests.Hostile;

/// <summary>SECURITY.md's tables name a test for each threat and count the attacks of the tests that hold them as data. `UPDATE_DOCS=1` writes the counts.</summary>
public sealed partial class SecurityDocumentTests
{
    private static readonly string Path = Repository.PathOf("SECURITY.md");

    private static readonly Dictionary<string, MethodInfo> Tests = typeof(SecurityDocumentTests).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance), (type, method) => (type, method))
        .Where(each => each.method.GetCustomAttributes().Any(attribute => attribute is FactAttribute))
        .GroupBy(each => $"{each.type.Name}.{each.method.Name}").ToDictionary(same => same.Key, same => same.First().method, StringComparer.Ordinal);

    [Fact]
    public void Every_threat_has_a_test()
    {
        var threats = RowsOf("Threats");

        Assert.NotEmpty(threats);
        Assert.DoesNotContain(threats, row => !TestName().IsMatch(row));
    }

    [Fact]
    public void Every_test_that_is_named_is_there() => Assert.Empty(
        RowsOf("Threats").Concat(RowsOf("Attacks")).SelectMany(row => TestName().Matches(row)).Select(match => match.Groups["test"].Value).Except(Tests.Keys));

    [Fact]
    public void Attacks_are_counted_as_the_tests_hold_them()
    {
        var rows = RowsOf("Attacks");
        Assert.NotEmpty(rows);
        var counted = rows.Select(row => Attack().Replace(row, match =>
            $"| {match.Groups["what"].Value} | {CasesOf(Tests[match.Groups["test"].Value])} | `{match.Groups["test"].Value}` |")).ToList();
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            var text = File.ReadAllText(Path);
            foreach (var (row, right) in rows.Zip(counted))
                text = text.Replace(row, right, StringComparison.Ordinal);
            File.WriteAllText(Path, text);
            return;
        }

        Assert.Equal(counted, rows);
    }

    private static string CasesOf(MethodInfo test) =>
        test.GetCustomAttributes<DataAttribute>().Sum(data => data.GetData(test).Count()).ToString(CultureInfo.InvariantCulture);

    // The rows of the table under a headline, without its head.
    private static string[] RowsOf(string headline) => [.. File.ReadAllLines(Path)
        .SkipWhile(line => line != $"## {headline}").Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)];

    [GeneratedRegex("`(?<test>[A-Z][A-Za-z0-9]+Tests\\.\\w+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TestName();

    [GeneratedRegex("^\\| (?<what>[^|]+) \\| [0-9]* ?\\| `(?<test>[A-Za-z0-9]+Tests\\.\\w+)` \\|$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Attack();
}

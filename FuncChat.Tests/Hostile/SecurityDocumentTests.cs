using System.Reflection;
using System.Text.RegularExpressions;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Hostile;

/// <summary>SECURITY.md's table names a test for each threat, and every test that it names is there.</summary>
public sealed partial class SecurityDocumentTests
{
    private static readonly string[] Rows = [.. File.ReadAllLines(Repository.PathOf("SECURITY.md"))
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)];

    private static readonly HashSet<string> Tests = [.. typeof(SecurityDocumentTests).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance), (type, method) => (type, method))
        .Where(each => each.method.GetCustomAttributes().Any(attribute => attribute is FactAttribute))
        .Select(each => $"{each.type.Name}.{each.method.Name}")];

    [Fact]
    public void Every_threat_has_a_test()
    {
        Assert.NotEmpty(Rows);
        Assert.DoesNotContain(Rows, row => !TestName().IsMatch(row));
    }

    [Fact]
    public void Every_test_that_is_named_is_there() =>
        Assert.Empty(Rows.SelectMany(row => TestName().Matches(row)).Select(match => match.Groups["test"].Value).Except(Tests));

    [GeneratedRegex("`(?<test>[A-Z][A-Za-z0-9]+Tests\\.\\w+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TestName();
}

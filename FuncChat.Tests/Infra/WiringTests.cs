using System.Text.RegularExpressions;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Infra;

/// <summary>The parts that name each other in different files do so rightly: template, parameters, azd, workflow and documents.</summary>
public sealed partial class WiringTests
{
    private static readonly string Azd = File.ReadAllText(Repository.PathOf("azure.yaml"));
    private static readonly string Parameters = File.ReadAllText(Path.Combine(BicepCli.Infra, "main.bicepparam"));
    private static readonly string Workflow = File.ReadAllText(Repository.PathOf(".github", "workflows", "azure-dev.yml"));

    [Theory]
    [InlineData("small")]
    [InlineData("production", "https://chat.example.com")]
    public async Task Api_lets_in_the_page_and_the_origins_asked_for_without_credentials(string size, params string[] others)
    {
        var cors = (await PlannedDeployment.GetAsync(size)).Properties("Microsoft.Web/sites")["siteConfig"]!["cors"]!;
        var origins = cors["allowedOrigins"]!.AsArray().Select(origin => origin!.GetValue<string>()).ToList();

        Assert.Matches(@"staticWebApp.*\.outputs\.url\.value", origins[0]);
        Assert.Equal(others, origins.Skip(1));
        Assert.False(cors["supportCredentials"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("api", "Microsoft.Web/sites", "function")]
    [InlineData("web", "Microsoft.Web/staticSites", "staticwebapp")]
    public async Task Azd_finds_the_resource_of_each_service_by_its_tag(string service, string type, string host)
    {
        var resource = Assert.Single((await PlannedDeployment.GetAsync("small")).OfType(type));
        var declared = Service().Matches(Azd).Single(match => match.Groups["name"].Value == service);

        Assert.Equal(service, resource["tags"]!["azd-service-name"]!.GetValue<string>());
        Assert.Equal(host, declared.Groups["host"].Value);
        Assert.True(Directory.Exists(Repository.PathOf(declared.Groups["project"].Value)));
    }

    [Fact]
    public async Task Every_output_that_hooks_and_workflow_use_is_there()
    {
        var outputs = (await CompiledTemplate.GetAsync()).Root["outputs"]!.AsObject().Select(output => output.Key);
        var used = UsedOutput().Matches(Azd + Workflow).Select(match => match.Groups["name"].Value).Append("API_URL").Distinct();

        Assert.Empty(used.Except(outputs));
    }

    [Fact]
    public void Every_hook_has_a_posix_and_a_windows_form() =>
        Assert.Equal(
            Enumerable.Repeat((string[])["posix:", "windows:"], 4).SelectMany(forms => forms),
            Azd.Split('\n').Select(line => line.Trim()).Where(line => line is "posix:" or "windows:"));

    // A key is a secret of the environment; everything else is a public variable.
    [Fact]
    public void Workflow_hands_on_every_variable_that_the_parameters_read()
    {
        var lines = Workflow.Split('\n').Select(line => line.Trim());
        var wanted = VariablesOfParameters().Select(name =>
            $"{name}: ${{{{ {(name.EndsWith("_API_KEY", StringComparison.Ordinal) ? "secrets" : "vars")}.{name} }}}}");

        Assert.Empty(wanted.Except(lines));
    }

    [Fact]
    public void Document_lists_every_variable_that_the_parameters_read()
    {
        var told = QuotedName().Matches(File.ReadAllText(Repository.PathOf("docs", "deploy.md"))).Select(match => match.Groups["name"].Value);

        Assert.Empty(VariablesOfParameters().Except(told));
    }

    [Theory]
    [InlineData("infra/modules/workbook.bicep", "../queries/")]
    [InlineData("docs/operations.md", "infra/queries/")]
    public void Every_query_is_on_the_dashboard_and_in_the_document(string file, string prefix)
    {
        var text = File.ReadAllText(Repository.PathOf(file));
        var queries = Directory.GetFiles(Path.Combine(BicepCli.Infra, "queries"));

        Assert.NotEmpty(queries);
        Assert.All(queries, path => Assert.Contains(prefix + Path.GetFileName(path), text, StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> VariablesOfParameters()
    {
        var read = ReadVariable().Matches(Parameters).Select(match => match.Groups["name"].Value).Distinct().ToList();
        Assert.NotEmpty(read);
        return read;
    }

    [GeneratedRegex(
        @"^  (?<name>\w+):\n    project: (?<project>\S+)\n    language: \S+\n    host: (?<host>\S+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Service();

    [GeneratedRegex(@"readEnvironmentVariable\('(?<name>\w+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ReadVariable();

    [GeneratedRegex(@"\$(env:)?(?<name>(PAGE|API)_URL)\b|get-value (?<name>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UsedOutput();

    [GeneratedRegex("`(?<name>[A-Z_]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QuotedName();
}

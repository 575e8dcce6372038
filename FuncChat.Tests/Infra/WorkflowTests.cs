using System.Text.RegularExpressions;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Infra;

/// <summary>What the workflows of the public repository run is what was read when it was written down, and nothing newer.</summary>
public sealed partial class WorkflowTests
{
    private static readonly string[] Files = Directory.GetFiles(Repository.PathOf(".github", "workflows"));

    [Fact]
    public void Action_is_pinned_by_its_commit()
    {
        var actions = Lines()
            .Where(line => line.StartsWith("uses:", StringComparison.Ordinal) && !line.StartsWith("uses: ./", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(actions);
        Assert.All(actions, action => Assert.Matches(PinnedAction(), action));
    }

    [Fact]
    public void Version_of_an_action_is_one_commit()
    {
        var commits = Lines().Select(line => PinnedAction().Match(line)).Where(match => match.Success)
            .GroupBy(match => $"{match.Groups["action"]} {match.Groups["version"]}", match => match.Groups["commit"].Value);

        Assert.All(commits, version => Assert.Single(version.Distinct()));
    }

    [Fact]
    public void Workflow_may_only_read_unless_a_job_asks_for_more() =>
        Assert.All(Files, file => Assert.Contains("\npermissions:\n  contents: read\n", File.ReadAllText(file), StringComparison.Ordinal));

    [Theory]
    [InlineData("ci.yml", "dotnet list FuncChat.sln package --vulnerable --include-transitive")]
    [InlineData("ci.yml", "npm audit --audit-level=high")]
    [InlineData("release.yml", "dotnet-CycloneDX FuncChat/FuncChat.csproj")]
    [InlineData("release.yml", "npm sbom --sbom-format cyclonedx")]
    public void Dependencies_are_looked_through_and_listed(string file, string command) =>
        Assert.Contains(command, File.ReadAllText(Repository.PathOf(".github", "workflows", file)), StringComparison.Ordinal);

    // Runners have versions of their own, and the repository's global.json may not allow them.
    [Fact]
    public void Job_sets_up_the_programs_that_it_runs()
    {
        var jobs = Files.SelectMany(file => JobStart().Split(File.ReadAllText(file)).Skip(1)).Where(job => job.Contains("    steps:", StringComparison.Ordinal)).ToList();

        Assert.Equal(5, jobs.Count);
        Assert.All(jobs, job => Assert.Contains("uses: actions/setup-dotnet@", job, StringComparison.Ordinal));
        Assert.All(jobs, job => Assert.Contains("uses: actions/setup-node@", job, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_deployed_is_what_a_release_has_attested()
    {
        var deploy = File.ReadAllText(Repository.PathOf(".github", "workflows", "azure-dev.yml"));

        Assert.Contains("gh attestation verify", deploy, StringComparison.Ordinal);
        Assert.Contains("azd deploy api --from-package release/funcchat-functions.zip", deploy, StringComparison.Ordinal);
        Assert.Contains("ref: ${{ steps.release.outputs.tag }}", deploy, StringComparison.Ordinal);
        Assert.Contains("gh release download \"$RELEASE\"", deploy, StringComparison.Ordinal);
        Assert.DoesNotContain("npm run build", deploy, StringComparison.Ordinal);
        Assert.DoesNotContain("@latest", deploy, StringComparison.Ordinal);
        Assert.Contains("uses: ./.github/workflows/azure-dev.yml", File.ReadAllText(Repository.PathOf(".github", "workflows", "release.yml")), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Lines() => Files.SelectMany(File.ReadAllLines).Select(line => line.TrimStart(' ', '-'));

    [GeneratedRegex("^  [a-z]+:\n    (needs|runs-on|uses):", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JobStart();

    [GeneratedRegex(
        "^uses: (?<action>[A-Za-z-]+/[a-z-]+)@(?<commit>[0-9a-f]{40}) # (?<version>v[0-9.]+)$",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PinnedAction();
}

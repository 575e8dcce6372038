using System.Text.Json;
using System.Xml.Linq;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Architecture;

/// <summary>The lock files pin every package of the build by its hash.</summary>
public sealed class LockFileTests
{
    // Each project's folder, from the repository's; what builds write themselves lies deeper.
    public static TheoryData<string> Locked =>
    [
        .. from path in Directory.EnumerateFiles(Repository.Root, "FuncChat*.csproj", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 })
           select Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(path)!),
    ];

    [Theory]
    [MemberData(nameof(Locked))]
    public void Project_has_a_lock_file_with_a_hash_of_every_package(string folder)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(PathOfLock(folder)));
        var packages = PackagesOf(file).ToList();

        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.NotEmpty(package.Value.GetProperty("contentHash").GetString()!));
    }

    [Theory]
    [MemberData(nameof(Locked))]
    public void Lock_file_holds_the_versions_that_are_set_for_all_projects(string folder)
    {
        var versions = XDocument.Load(Repository.PathOf("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(version => version.Attribute("Include")!.Value, version => version.Attribute("Version")!.Value, StringComparer.OrdinalIgnoreCase);
        using var file = JsonDocument.Parse(File.ReadAllText(PathOfLock(folder)));

        Assert.All(
            PackagesOf(file).Where(package => versions.ContainsKey(package.Name)),
            package => Assert.Equal(versions[package.Name], package.Value.GetProperty("resolved").GetString()));
    }

    [Theory]
    [InlineData("staticwebapp")]
    [InlineData("FuncChat.Tests", "Azure", "azurite")]
    public void Page_has_a_lock_file_with_a_hash_of_every_package(params string[] folder)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Repository.PathOf([.. folder, "package-lock.json"])));
        var packages = file.RootElement.GetProperty("packages").EnumerateObject().Where(package => package.Name.Length > 0).ToList();

        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.StartsWith("sha512-", package.Value.GetProperty("integrity").GetString(), StringComparison.Ordinal));
    }

    private static string PathOfLock(string folder) => Repository.PathOf(folder, "packages.lock.json");

    private static IEnumerable<JsonProperty> PackagesOf(JsonDocument file) => file.RootElement.GetProperty("dependencies").EnumerateObject()
        .SelectMany(framework => framework.Value.EnumerateObject())
        .Where(package => package.Value.GetProperty("type").GetString() != "Project");
}

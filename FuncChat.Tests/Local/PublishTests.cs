using System.Text.Json;
using FuncChat.Local;
using FuncChat.Tests.Infra;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Local;

/// <summary>What a publish of FuncChat.Local contains, and what it needs.</summary>
public sealed class PublishTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Publish_leaves_out_the_files_that_may_have_keys()
    {
        foreach (var file in (string[])["local.settings.json", "mcp.json", "other.json"])
            await File.WriteAllTextAsync(Path.Combine(_folder.Path, file), "{}");
        File.Copy(Repository.PathOf("FuncChat.Local", "FuncChat.Local.csproj"), Path.Combine(_folder.Path, "FuncChat.Local.csproj"));

        var run = await ProgramRun.OfAsync("dotnet", _folder.Path, [], "msbuild", "-nologo", "-p:TargetFramework=net10.0", "-getItem:Content");

        using var items = JsonDocument.Parse(run.Output);
        var published = items.RootElement.GetProperty("Items").GetProperty("Content").EnumerateArray()
            .Where(item => item.GetProperty("CopyToPublishDirectory").GetString() != "Never").Select(item => item.GetProperty("Identity").GetString());
        Assert.Equal(["other.json"], published);
    }

    [Fact]
    public void Page_is_found_without_its_sources_next_to_a_published_program()
    {
        var program = Directory.CreateDirectory(Path.Combine(_folder.Path, "program")).FullName;
        Assert.Null(Page.Find(program));

        var dist = Directory.CreateDirectory(Path.Combine(program, "staticwebapp", "dist"));
        File.WriteAllText(Path.Combine(dist.FullName, "index.html"), "");

        Assert.Equal(Path.Combine(program, "staticwebapp"), Page.Find(program));
        Assert.Empty(PageBuild.StepsFor(Path.Combine(program, "staticwebapp")));
    }
}

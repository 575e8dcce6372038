using System.Diagnostics;
using FuncChat.Tests.Support;
using FuncChat.Tools.Configuration;

namespace FuncChat.Tests.Tools.Configuration;

/// <summary>What is at the place of a file of settings and can't be read is found, and described before anything opens it.</summary>
public sealed class SettingFileErrorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.Path, "mcp.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void File_with_text_is_found()
    {
        File.WriteAllText(Path, "{}");

        AssertFound(null);
    }

    [Fact]
    public void Link_to_a_file_with_text_is_found()
    {
        var target = System.IO.Path.Combine(_folder.Path, "other.json");
        File.WriteAllText(target, "{}");
        File.CreateSymbolicLink(Path, target);

        AssertFound(null);
    }

    [Fact]
    public void Relative_link_in_a_folder_that_is_a_link_is_followed()
    {
        var release = Directory.CreateDirectory(System.IO.Path.Combine(_folder.Path, "shared", "release")).FullName;
        File.WriteAllText(System.IO.Path.Combine(_folder.Path, "shared", "mcp.json"), "{}");
        File.CreateSymbolicLink(System.IO.Path.Combine(release, "mcp.json"), System.IO.Path.Combine("..", "mcp.json"));
        var current = System.IO.Path.Combine(_folder.Path, "current");
        Directory.CreateSymbolicLink(current, release);

        Assert.Null(SettingFile.FindError(System.IO.Path.Combine(current, "mcp.json")));
    }

    [Fact]
    public void Folder_is_found_and_named()
    {
        Directory.CreateDirectory(Path);

        AssertFound("a folder");
    }

    [Fact]
    public void Link_to_a_folder_is_found_and_named()
    {
        File.CreateSymbolicLink(Path, _folder.Path);

        AssertFound("a folder");
    }

    [Fact]
    public void Link_that_leads_back_to_itself_is_found_and_named()
    {
        File.CreateSymbolicLink(Path, Path);

        AssertFound("a link that leads back to itself");
    }

    [Fact]
    public void Link_that_leads_nowhere_is_found_and_named()
    {
        File.CreateSymbolicLink(Path, System.IO.Path.Combine(_folder.Path, "missing.json"));

        AssertFound("a link to a file that does not exist");
    }

    [LinuxFact]
    public async Task Pipe_is_found_and_named()
    {
        using var made = Process.Start("mkfifo", Path);
        await made.WaitForExitAsync();

        AssertFound("an empty file, a pipe or a device");
    }

    [LinuxFact]
    public void Device_is_found_and_named()
    {
        File.CreateSymbolicLink(Path, "/dev/zero");

        AssertFound("an empty file, a pipe or a device");
    }

    private void AssertFound(string? error)
    {
        Assert.Equal(Path, SettingFile.FindForApp(Path));
        Assert.Equal(error, SettingFile.FindError(Path));
    }
}

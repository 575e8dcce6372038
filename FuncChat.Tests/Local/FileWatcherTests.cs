using FuncChat.Tests.Support;

namespace FuncChat.Tests.Local;

public sealed class FileWatcherTests
{
    // A watcher over the folder of the settings, as hosts have it by default, would be notified of every event of every turn: the log is in the same folder. Linux
    // tells who watches what.
    [LinuxFact]
    public async Task Server_watches_no_files()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "appsettings.json"), "{}");
        await using var local = await LocalProcess.StartAsync(folder.Path);

        var open = Directory.EnumerateFileSystemEntries($"/proc/{local.Id}/fd").Select(file => new FileInfo(file).LinkTarget ?? "").ToList();

        Assert.Contains(open, target => target.StartsWith("socket:", StringComparison.Ordinal));
        Assert.DoesNotContain(open, target => target.Contains("inotify", StringComparison.Ordinal));
    }
}

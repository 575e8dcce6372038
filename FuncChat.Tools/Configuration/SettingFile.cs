namespace FuncChat.Tools.Configuration;

/// <summary>Finds the files that settings name, and those that have a place of their own, such as `mcp.json`.</summary>
public static class SettingFile
{
    // As in Linux.
    private const int MaxLinks = 40;

    /// <summary>
    /// The root of the repository, if the working folder is that of FuncChat.Local's project: `dotnet run` starts it there, wherever the person who types it
    /// is and puts files.
    /// </summary>
    public static string? Root => File.Exists("FuncChat.Local.csproj") ? Path.GetFullPath("..") : null;

    /// <summary>
    /// What is at a path relative to the working folder or, if nothing is, to the <see cref="Root"/>; null if nothing is there either. It may be no file that
    /// can be read (<see cref="FindError"/>).
    /// </summary>
    public static string? Find(string path) => All(path).FirstOrDefault();

    /// <summary>As <see cref="Find"/>, and then next to the app: in the Functions host, the worker's working folder is not the app's.</summary>
    public static string? FindForApp(string path) => Find(path) ?? Array.Find([Path.Combine(AppContext.BaseDirectory, path)], Exists);

    /// <summary>All files at such a path. The first one counts.</summary>
    public static IEnumerable<string> All(string path)
    {
        if (Exists(path))
            yield return path;
        if (!Path.IsPathRooted(path) && Root is { } root && Path.Combine(root, path) is var other && Exists(other))
            yield return other;
    }

    /// <summary>What is at the path in place of a file that can be read, such as "a folder"; null if it is one. A pipe is not opened, which could wait forever.</summary>
    /// <param name="isReadOnce">Whether it may be a pipe that this process has open (Linux), such as the `/dev/fd/63` of a shell's `&lt;(…)`.</param>
    public static string? FindError(string path, bool isReadOnce = false)
    {
        if (TargetOf(Path.GetFullPath(path), MaxLinks) is not { } target)
            return "a link that leads back to itself";
        if (isReadOnce && target.StartsWith("/proc/", StringComparison.Ordinal) && Path.GetFileName(target).StartsWith("pipe:[", StringComparison.Ordinal))
            return null;
        return Directory.Exists(target) ? "a folder"
            : !File.Exists(target) ? "a link to a file that does not exist"
            : new FileInfo(target).Length == 0 ? "an empty file, a pipe or a device"
            : null;
    }

    // A relative link starts at the folder that it is in, which the path may name by a link, too: .NET follows neither in a folder's name.
    private static string? TargetOf(string path, int links)
    {
        if (Path.GetDirectoryName(path) is not { } folder)
            return path;
        if (links == 0 || TargetOf(folder, links) is not { } realFolder)
            return null;
        var real = Path.Combine(realFolder, Path.GetFileName(path));
        return new FileInfo(real).LinkTarget is { } target ? TargetOf(Path.GetFullPath(target, realFolder), links - 1) : real;
    }

    // Also a link that leads nowhere.
    private static bool Exists(string path) => Path.Exists(path) || new FileInfo(path).LinkTarget is not null;
}

namespace FuncChat.Tools.Configuration;

/// <summary>Finds the files that settings name, and those that have a place of their own, such as `mcp.json`.</summary>
public static class SettingFile
{
    /// <summary>
    /// The root of the repository, if the working folder is that of FuncChat.Local's project: `dotnet run` starts it there, wherever the person who types it
    /// is and puts files.
    /// </summary>
    public static string? Root => File.Exists("FuncChat.Local.csproj") ? Path.GetFullPath("..") : null;

    /// <summary>The file at a path relative to the working folder or, if there is none, to the <see cref="Root"/>; null if there is none either.</summary>
    public static string? Find(string path) => All(path).FirstOrDefault();

    /// <summary>As <see cref="Find"/>, and then next to the app: in the Functions host, the worker's working folder is not the app's.</summary>
    public static string? FindForApp(string path) => Find(path) ?? Array.Find([Path.Combine(AppContext.BaseDirectory, path)], File.Exists);

    /// <summary>All files at such a path. The first one counts.</summary>
    public static IEnumerable<string> All(string path)
    {
        if (File.Exists(path))
            yield return path;
        if (!Path.IsPathRooted(path) && Root is { } root && Path.Combine(root, path) is var other && File.Exists(other))
            yield return other;
    }
}

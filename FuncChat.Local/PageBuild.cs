namespace FuncChat.Local;

/// <summary>What the page's build has to do: packages are installed if the last installation did not finish or is outdated, and the page is built if a source is newer.</summary>
internal static class PageBuild
{
    private static readonly string[] Sources = ["src", "public"];

    /// <param name="folder">The folder of the page's package.json.</param>
    /// <returns>The npm commands to run, in order.</returns>
    public static IReadOnlyList<string> StepsFor(string folder)
    {
        var dist = new FileInfo(Path.Combine(folder, "dist", "index.html"));
        if (dist.Exists && NewestSource(folder) <= dist.LastWriteTimeUtc)
            return [];

        // npm writes this file when an installation has finished.
        var installed = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
        var isInstalled = installed.Exists && File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json")) <= installed.LastWriteTimeUtc;
        return isInstalled ? ["run build"] : ["ci", "run build"];
    }

    private static DateTime NewestSource(string folder) => Directory.EnumerateFiles(folder)
        .Concat(Sources.Select(name => Path.Combine(folder, name)).Where(Directory.Exists)
            .SelectMany(source => Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories)))
        .Select(File.GetLastWriteTimeUtc)
        .DefaultIfEmpty()
        .Max();
}

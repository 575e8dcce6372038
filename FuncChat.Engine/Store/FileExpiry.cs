namespace FuncChat.Engine.Store;

/// <summary>Removes old files by the clock of their file system, which gave them their times: this instance's own clock may be wrong.</summary>
internal static class FileExpiry
{
    private const string ClockFile = ".clock";

    /// <summary>The time by that clock. Writes a file into the folder.</summary>
    public static DateTime Now(string folder)
    {
        using var file = PrivateFiles.Open(Path.Combine(folder, ClockFile), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file.SafeFileHandle, "."u8, 0);
        return File.GetLastWriteTimeUtc(file.SafeFileHandle);
    }

    /// <summary>The time by that clock, of a folder that may not exist yet.</summary>
    public static DateTimeOffset NowOf(string folder)
    {
        PrivateFiles.CreateFolder(folder);
        return new DateTimeOffset(Now(folder));
    }

    /// <summary>Removes the files of a folder that were last written longer than <paramref name="age"/> ago. One that can't be removed does not keep the others.</summary>
    /// <param name="pattern">Their names, such as `*.json`.</param>
    /// <param name="contents">What they are, for the message.</param>
    /// <exception cref="IOException">A file could not be removed.</exception>
    public static void Remove(string folder, string pattern, TimeSpan age, string contents, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
            return;
        var oldest = Now(folder) - age;
        var removals = new Removals();
        foreach (var path in Directory.EnumerateFiles(folder, pattern))
        {
            cancellationToken.ThrowIfCancellationRequested();
            removals.Try(() =>
            {
                if (File.GetLastWriteTimeUtc(path) < oldest)
                    File.Delete(path);
            });
        }

        removals.ThrowIfAnyFailed(contents);
    }
}

namespace FuncChat.Engine.Store;

/// <summary>Removes the files of expired turns.</summary>
internal static class FileTurnExpiry
{
    private const string ClockFile = ".clock";

    /// <inheritdoc cref="ITurnRetention.RemoveOlderThanAsync"/>
    public static void Remove(string root, TimeSpan age, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(root))
            return;
        var oldest = Now(root) - age;
        Exception? first = null;
        foreach (var folder in Directory.EnumerateDirectories(root))
        {
            foreach (var log in Directory.EnumerateFiles(folder, "*" + FileTurnPaths.LogExtension))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Try(() => RemoveIfOlder(new FileTurnPaths(log), oldest), ref first);
            }

            Try(() => RemoveIfEmpty(folder), ref first);
        }

        if (first is not null)
            throw new IOException("Some expired turns could not be removed.", first);
    }

    /// <inheritdoc cref="ITurnRetention.RemoveAsync"/>
    public static bool Remove(FileTurnPaths paths)
    {
        if (!Directory.Exists(paths.Folder))
            return true;
        using (var lease = FileLease.TryAcquire(paths.Lease))
        {
            if (lease is null)
                return false;
            RemoveFiles(paths);
        }

        RemoveIfEmpty(paths.Folder);
        return true;
    }

    private static void RemoveIfOlder(FileTurnPaths paths, DateTime oldest)
    {
        if (File.GetLastWriteTimeUtc(paths.Log) >= oldest)
            return;
        using var lease = FileLease.TryAcquire(paths.Lease);
        if (lease is null || File.GetLastWriteTimeUtc(paths.Log) >= oldest)
            return;
        RemoveFiles(paths);
    }

    // A turn of the user may be created at this moment: then the folder isn't empty, or its creation is retried.
    private static void RemoveIfEmpty(string folder)
    {
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
    }

    private static void RemoveFiles(FileTurnPaths paths)
    {
        File.Delete(paths.Signals);
        File.Delete(paths.Followed);
        File.Delete(paths.Stop);
        File.Delete(paths.Log);
        File.Delete(paths.Lease);
    }

    // By the file system's clock, which wrote the turns' times too: this instance's own may be wrong.
    private static DateTime Now(string root)
    {
        var path = Path.Combine(root, ClockFile);
        using var file = PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file.SafeFileHandle, "."u8, 0);
        return File.GetLastWriteTimeUtc(file.SafeFileHandle);
    }

    private static void Try(Action work, ref Exception? first)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            first ??= e;
        }
    }
}

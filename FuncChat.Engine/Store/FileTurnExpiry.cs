namespace FuncChat.Engine.Store;

/// <summary>Removes the files of expired turns.</summary>
internal static class FileTurnExpiry
{
    /// <inheritdoc cref="ITurnRetention.RemoveOlderThanAsync"/>
    public static void Remove(string root, TimeSpan age, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(root))
            return;
        var oldest = FileExpiry.Now(root) - age;
        var removals = new Removals();
        foreach (var folder in Directory.EnumerateDirectories(root))
        {
            removals.Try(() =>
            {
                foreach (var file in Directory.EnumerateFileSystemEntries(folder))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    removals.Try(() => RemoveIfOlder(file, oldest));
                }

                // A turn of the user may be created at this moment: then the folder isn't empty, or its creation is retried.
                PrivateFiles.DeleteIfEmpty(folder);
            });
        }

        removals.ThrowIfAnyFailed("expired turns");
    }

    /// <inheritdoc cref="ITurnRetention.RemoveAsync"/>
    public static bool Remove(FileTurnPaths paths)
    {
        if (!Directory.Exists(paths.Folder))
            return true;
        try
        {
            using var lease = FileLease.TryAcquire(paths.Lease);
            if (lease is null)
                return false;
            RemoveFiles(paths);
        }
        catch (DirectoryNotFoundException)
        {
            // Another request has just removed the turn, and the empty folder with it.
            return true;
        }

        PrivateFiles.DeleteIfEmpty(paths.Folder);
        return true;
    }

    private static void RemoveIfOlder(string file, DateTime oldest)
    {
        // What is next to a log goes with it, unless a full disk or a crash has left it alone.
        var paths = new FileTurnPaths(Path.ChangeExtension(file, FileTurnPaths.LogExtension));
        if ((file != paths.Log && File.Exists(paths.Log)) || File.GetLastWriteTimeUtc(file) >= oldest)
            return;
        using var lease = FileLease.TryAcquire(paths.Lease);
        if (lease is not null && (!File.Exists(paths.Log) || File.GetLastWriteTimeUtc(paths.Log) < oldest))
            RemoveFiles(paths);
    }

    private static void RemoveFiles(FileTurnPaths paths)
    {
        PrivateFiles.Delete(paths.Signals);
        PrivateFiles.Delete(paths.Followed);
        PrivateFiles.Delete(paths.Stop);
        PrivateFiles.Delete(paths.Log);

        // Once more: a request that saw the log may have sent a signal, which would reach another turn with this id.
        PrivateFiles.Delete(paths.Signals);
        PrivateFiles.Delete(paths.Followed);
        PrivateFiles.Delete(paths.Lease);
    }
}

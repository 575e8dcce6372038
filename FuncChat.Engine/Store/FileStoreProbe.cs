namespace FuncChat.Engine.Store;

/// <summary>Checks that turns can be written to files and read from them, and that there is room for more.</summary>
internal static class FileStoreProbe
{
    internal const long MinFreeBytes = 64 * 1024 * 1024;

    public static void Check(string root, Func<string, long> freeBytes)
    {
        PrivateFiles.CreateFolder(root);
        var probe = TemporaryFiles.NameFor(Path.Combine(root, ".health"));
        try
        {
            using var file = PrivateFiles.Open(probe, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            Span<byte> read = stackalloc byte[2];
            RandomAccess.Write(file.SafeFileHandle, "ok"u8, 0);
            if (RandomAccess.Read(file.SafeFileHandle, read, 0) != read.Length || !read.SequenceEqual("ok"u8))
                throw new IOException("The disk does not return what was written.");
        }
        finally
        {
            File.Delete(probe);
        }

        if (!HasSpace(root, freeBytes))
            throw AlmostFull();
    }

    /// <summary>Whether the disk has enough free space for another turn.</summary>
    public static bool HasSpace(string root, Func<string, long> freeBytes) => freeBytes(root) >= MinFreeBytes;

    public static TurnStoreException AlmostFull() => new(TurnStoreFailure.Full, "The disk is almost full.");

    public static long FreeBytes(string root) => new DriveInfo(root).AvailableFreeSpace;
}

namespace FuncChat.Engine.Store;

/// <summary>The clock of the file system that a folder is on, which gives files their times. This instance's own clock may be wrong.</summary>
internal static class FileClock
{
    public const string Name = ".clock";

    /// <summary>The time by that clock. Writes a file into the folder.</summary>
    public static DateTime Now(string folder)
    {
        using var file = PrivateFiles.Open(Path.Combine(folder, Name), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file.SafeFileHandle, "."u8, 0);
        return File.GetLastWriteTimeUtc(file.SafeFileHandle);
    }
}

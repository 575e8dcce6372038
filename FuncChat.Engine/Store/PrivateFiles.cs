namespace FuncChat.Engine.Store;

/// <summary>Opens files and folders that only the server's own account can read, where the operating system has such permissions.</summary>
internal static class PrivateFiles
{
    private const int MaxFolderAttempts = 5;
    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode700 = FileMode600 | UnixFileMode.UserExecute;

    /// <summary>Creates a folder and its missing parents.</summary>
    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path))
            return;
        if (Path.GetDirectoryName(path) is { Length: > 0 } parent)
            CreateFolder(parent);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, FolderMode700);
    }

    /// <summary>Opens a file without a buffer. What a damaged file system has put in the place of a file that may be created is removed.</summary>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode is not FileMode.Open)
            options.UnixCreateMode = FileMode600;
        try
        {
            return new FileStream(path, options);
        }
        catch (Exception e) when (mode is not FileMode.Open && IsNoFile(path, e))
        {
            Delete(path);
            return new FileStream(path, options);
        }
    }

    /// <summary>Writes a file in one step, so that no reader sees half of it, and creates its folder if it is missing.</summary>
    /// <param name="overwrite">False fails if the file is there.</param>
    public static void Replace(string path, ReadOnlySpan<byte> content, bool overwrite = true)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                ReplaceOnce(path, content, overwrite);
                return;
            }
            catch (IOException e) when (e is DirectoryNotFoundException or FileNotFoundException && attempt < MaxFolderAttempts)
            {
                // Another request has just removed the folder.
            }
        }
    }

    private static void ReplaceOnce(string path, ReadOnlySpan<byte> content, bool overwrite)
    {
        var next = TemporaryFiles.NameFor(path);
        try
        {
            CreateFolder(Path.GetDirectoryName(path)!);
            using (var file = Open(next, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                file.Write(content);
            if (overwrite && Directory.Exists(path))
                Directory.Delete(path, recursive: true); // A damaged file system has put it there.
            File.Move(next, path, overwrite);
        }
        catch
        {
            File.Delete(next);
            throw;
        }
    }

    /// <summary>Deletes a file, if there is one, and also a folder or a link in its place.</summary>
    public static void Delete(string path)
    {
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // There is none.
        }
    }

    /// <summary>Deletes a folder if it is empty, even while other requests use or delete it.</summary>
    /// <returns>Whether there is no such folder now.</returns>
    public static bool DeleteIfEmpty(string folder)
    {
        try
        {
            Directory.Delete(folder);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Reads a whole file; null if there is none. A folder or a link to itself in its place is a file without content, which is damaged.</summary>
    public static byte[]? TryRead(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (IsNoFile(path, e))
        {
            return [];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether opening or reading a file failed because there is a folder, or a link that leads back to itself, in its place. Other failures may pass.</summary>
    public static bool IsNoFile(string path, Exception failure) =>
        failure is IOException { HResult: ELoop or ELoopOnMac } || (failure is UnauthorizedAccessException && Directory.Exists(path));

    /// <summary>Whether one of many files can't be read at the moment, which must not keep the others from being listed.</summary>
    public static bool IsUnreadable(Exception failure) => failure is UnauthorizedAccessException or IOException { HResult: EIo };

    /// <summary>The folders in a folder; none if it does not exist.</summary>
    public static List<string> Folders(string path)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(path)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Opens a file that one stream has at a time, in any process; null while another one has it. It and its folder are created if they are missing.</summary>
    public static FileStream? TryLock(string path)
    {
        CreateFolder(Path.GetDirectoryName(path)!);
        try
        {
            return Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (IsLocked(e))
        {
            return null;
        }
    }

    /// <summary>Whether opening a file failed because another stream has it locked.</summary>
    public static bool IsLocked(IOException failure) => failure.HResult is EAgain or EAgainOnMac or SharingViolation;

    private const int EIo = 5;
    private const int ELoop = 40;
    private const int ELoopOnMac = 62;
    private const int EAgain = 11;
    private const int EAgainOnMac = 35;
    private const int SharingViolation = unchecked((int)0x80070020);
}

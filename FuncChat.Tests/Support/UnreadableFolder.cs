namespace FuncChat.Tests.Support;

/// <summary>Puts folders that can't be read in a place.</summary>
internal static class UnreadableFolder
{
    /// <returns>False for a user that may read everything, such as a root user with all capabilities.</returns>
    public static bool TryPut(string folder, params IEnumerable<string> names)
    {
        Directory.CreateDirectory(folder);
        foreach (var name in names)
            Directory.CreateSymbolicLink(Path.Combine(folder, name), "/proc/1/fdinfo");
        try
        {
            Directory.GetFileSystemEntries("/proc/1/fdinfo");
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
    }
}

namespace FuncChat.Tests.Support;

/// <summary>Makes reading a file fail with EIO, as a disk does that has an error, also for the root user.</summary>
internal static class UnreadableFile
{
    public static void Put(string path)
    {
        File.Delete(path);
        File.CreateSymbolicLink(path, "/proc/self/mem");
    }
}

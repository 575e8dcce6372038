namespace FuncChat.Local;

/// <summary>Lets one process at a time run npm in the page's folder: two would remove each other's packages. `test.sh` locks the same file.</summary>
internal static class PageLock
{
    private const string Name = ".build.lock";
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits until no other process builds the page. Dispose the result to release the lock.</summary>
    /// <exception cref="IOException">The lock file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The lock file can't be written.</exception>
    public static async Task<IDisposable> AcquireAsync(string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, Name);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (IsLocked(e))
            {
                await Task.Delay(RetryDelay, time, cancellationToken);
            }
        }
    }

    // A sharing violation on Windows; EWOULDBLOCK on Linux and macOS.
    private static bool IsLocked(IOException failure) => (failure.HResult & 0xFFFF) is 0x20 or 11 or 35;
}

using System.Buffers.Text;
using System.Text;

namespace FuncChat.Engine.Store;

/// <summary>
/// The lease of a turn: a lock that the operating system holds for as long as the process lives, so that a killed process releases it at once. The
/// file contains how often the turn was continued without progress.
/// </summary>
internal sealed class FileLease : IDisposable
{
    // The holder deletes the file when its turn expires. Windows allows that only with FileShare.Delete; elsewhere, only FileShare.None locks the file.
    private static readonly FileShare Sharing = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;

    private readonly FileStream _file;
    private bool _counted;
    private bool _disposed;

    private FileLease(FileStream file) => _file = file;

    /// <summary>Acquires the lease; null if another writer holds it.</summary>
    public static FileLease? TryAcquire(string path)
    {
        while (true)
        {
            FileStream file;
            try
            {
                file = PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, Sharing);
            }
            catch (IOException e) when (PrivateFiles.IsLocked(e))
            {
                return null;
            }

            // Between opening and locking, an expired turn's lease may have been removed: the lock would be on a file that no one else opens.
            // A file that is missing has a time of its own.
            if (File.GetLastWriteTimeUtc(path) == File.GetLastWriteTimeUtc(file.SafeFileHandle))
                return new FileLease(file);
            file.Dispose();
        }
    }

    /// <summary>Counts an attempt from this point on; returns how many there were that did not end with <see cref="Dispose"/>.</summary>
    public int CountAttempt(long progressId)
    {
        var (counted, attempts) = Read();
        attempts = counted == progressId ? attempts + 1 : 1;
        Write(progressId, attempts);
        _counted = true;
        return attempts;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        try
        {
            if (_counted && Read() is var (progressId, attempts) && attempts > 0)
                Write(progressId, attempts - 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It counts as an attempt whose process died.
        }

        _file.Dispose();
    }

    private (long ProgressId, int Attempts) Read()
    {
        Span<byte> bytes = stackalloc byte[64];
        var text = bytes[..RandomAccess.Read(_file.SafeFileHandle, bytes, 0)];
        return Utf8Parser.TryParse(text, out long progressId, out var length) && length < text.Length
            && Utf8Parser.TryParse(text[(length + 1)..], out int attempts, out _)
            ? (progressId, attempts)
            : (0, 0);
    }

    // Of one length, so that a full disk has room to overwrite it.
    private void Write(long progressId, int attempts) =>
        RandomAccess.Write(_file.SafeFileHandle, Encoding.ASCII.GetBytes($"{progressId} {attempts}".PadRight(40) + "\n"), 0);
}

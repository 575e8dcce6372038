using System.Security.Cryptography;
using System.Text;

namespace FuncChat.Engine.Store;

/// <summary>
/// The turn log as files: `turns/{user's hash}/{turn id}.log`. The lease is a lock that the operating system holds on `{turn id}.lease` for
/// as long as the process lives, so that a killed process gives it back at once. Any number of processes may share the folder.
/// </summary>
public sealed class FileTurnStore : ITurnStore
{
    private const string LogExtension = ".log";
    private readonly string _folder;

    /// <param name="dataPath">The data folder; made when it is first needed.</param>
    public FileTurnStore(string dataPath) => _folder = Path.Combine(Path.GetFullPath(dataPath), "turns");

    public bool Batched => false;

    public Task<ITurnWriter?> CreateAsync(TurnKey key, ReadOnlyMemory<byte> header, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return Task.FromResult(WithLease(path, () =>
        {
            var file = OpenForAppend(path, FileMode.OpenOrCreate);
            if (file.Length > 0)
            {
                file.Dispose();
                return null;
            }

            RandomAccess.Write(file.SafeFileHandle, header.Span, 0);
            return file;
        }));
    }

    public Task<ITurnWriter?> ContinueAsync(TurnKey key, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        return Task.FromResult(File.Exists(path)
            ? WithLease(path, () => File.Exists(path) ? OpenForAppend(path, FileMode.Open) : null)
            : null);
    }

    public Task<ITurnReader?> OpenAsync(TurnKey key, CancellationToken cancellationToken)
    {
        try
        {
            var handle = File.OpenHandle(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Task.FromResult<ITurnReader?>(new FileTurnReader(handle));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<ITurnReader?>(null);
        }
    }

    public Task RequestStopAsync(TurnKey key, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        if (File.Exists(path))
            File.Create(FileTurnWriter.StopPath(path)).Dispose();
        return Task.CompletedTask;
    }

    public Task RemoveOlderThanAsync(DateTimeOffset time, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_folder))
            return Task.CompletedTask;
        foreach (var path in Directory.EnumerateFiles(_folder, "*" + LogExtension, SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (File.GetLastWriteTimeUtc(path) >= time.UtcDateTime || TryLease(path) is not { } lease)
                continue;
            using (lease)
            {
                File.Delete(path);
                File.Delete(FileTurnWriter.StopPath(path));
                File.Delete(LeasePath(path));
            }
        }

        return Task.CompletedTask;
    }

    private static ITurnWriter? WithLease(string path, Func<FileStream?> open)
    {
        if (TryLease(path) is not { } lease)
            return null;
        try
        {
            if (open() is { } file)
                return new FileTurnWriter(path, file, lease);
        }
        catch
        {
            lease.Dispose();
            throw;
        }

        lease.Dispose();
        return null;
    }

    // FileShare.None is a lock of the operating system, also between processes. A full disk is an IOException too, but makes no file.
    private static FileStream? TryLease(string path)
    {
        try
        {
            return new FileStream(LeasePath(path), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
        }
        catch (IOException) when (File.Exists(LeasePath(path)))
        {
            return null;
        }
    }

    private static FileStream OpenForAppend(string path, FileMode mode)
    {
        var file = new FileStream(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (TruncatedTail.LengthWithout(file) is var length && length < file.Length)
            file.SetLength(length);
        return file;
    }

    private static string LeasePath(string path) => Path.ChangeExtension(path, ".lease");

    // The user's id may hold anything, and its case counts: a hash makes a file name of it.
    private string PathOf(TurnKey key) => TurnKey.IsTurnId(key.TurnId)
        ? Path.Combine(_folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.User)))[..32], key.TurnId + LogExtension)
        : throw new ArgumentException("Not a turn id.", nameof(key));
}

using FuncChat.Engine.Store;
using FuncChat.Tools.Identity;

namespace FuncChat.Engine.Secrets;

/// <summary>Keeps secrets in files that only this account can read: `secrets/{user's hash}/{name}`. Several processes may share the folder.</summary>
public sealed class FileSecretStore(string dataPath) : ISecretStore
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    private readonly string _root = Path.Combine(Path.GetFullPath(dataPath), "secrets");

    public Task<byte[]?> ReadAsync(SecretKey key, CancellationToken cancellationToken) => DiskThreads.RunAsync(() => PrivateFiles.TryRead(PathOf(key)), cancellationToken);

    public Task WriteAsync(SecretKey key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        DiskThreads.RunAsync(() => PrivateFiles.Replace(PathOf(key), value.Span), cancellationToken);

    public Task<byte[]?> TakeAsync(SecretKey key, CancellationToken cancellationToken) => DiskThreads.RunAsync(() => Take(PathOf(key)), cancellationToken);

    public Task RemoveOlderThanAsync(string nameEnd, TimeSpan age, CancellationToken cancellationToken) => DiskThreads.RunAsync(
        () =>
        {
            var removals = new Removals();
            foreach (var user in PrivateFiles.Folders(_root))
                removals.Try(() => FileExpiry.Remove(user, "*" + nameEnd, age, "old secrets", cancellationToken));
            removals.ThrowIfAnyFailed("old secrets");
        },
        cancellationToken);

    public async Task<IAsyncDisposable> LockAsync(SecretKey key, CancellationToken cancellationToken)
    {
        var path = $"{PathOf(key)}.lock";
        while (true)
        {
            if (await DiskThreads.RunAsync(() => PrivateFiles.TryLock(path), cancellationToken) is { } held)
                return held;
            await Task.Delay(RetryInterval, TimeProvider.System, cancellationToken);
        }
    }

    // A file can be renamed once, so one caller gets it.
    private static byte[]? Take(string path)
    {
        var taken = TemporaryFiles.NameFor(path);
        try
        {
            File.Move(path, taken);
            return File.ReadAllBytes(taken);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        finally
        {
            if (File.Exists(taken))
                File.Delete(taken);
        }
    }

    private string PathOf(SecretKey key) => Path.Combine(_root, UserHash.Of(key.User), Path.GetFileName(key.Name));
}

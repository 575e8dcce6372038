namespace FuncChat.Tools.Identity;

/// <summary>Keeps small secrets of users, such as their tokens for MCP servers, where only the app can read them.</summary>
/// <remarks>Adapters throw what their storage throws.</remarks>
public interface ISecretStore
{
    /// <summary>Reads a secret; null if there is none.</summary>
    Task<byte[]?> ReadAsync(SecretKey key, CancellationToken cancellationToken);

    /// <summary>Stores a secret in place of an earlier one.</summary>
    Task WriteAsync(SecretKey key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken);

    /// <summary>Removes a secret and returns it; null if there is none. If several callers remove it at once, one of them receives it.</summary>
    Task<byte[]?> TakeAsync(SecretKey key, CancellationToken cancellationToken);

    /// <summary>Removes secrets of all users that were written longer than an age ago by the clock of the store.</summary>
    /// <param name="nameEnd">The end of their names.</param>
    /// <exception cref="IOException">One could not be removed. All others were.</exception>
    Task RemoveOlderThanAsync(string nameEnd, TimeSpan age, CancellationToken cancellationToken);

    /// <summary>Waits until no other caller, of any process, holds the secret's lock, and holds it until the result is disposed. A caller that needs longer than 30 seconds loses it.</summary>
    Task<IAsyncDisposable> LockAsync(SecretKey key, CancellationToken cancellationToken);
}

/// <summary>The name of a secret.</summary>
/// <param name="User">The user's id; empty for a secret of the app.</param>
/// <param name="Name">Unique for the user: letters, digits and `-`.</param>
public sealed record SecretKey(string User, string Name);

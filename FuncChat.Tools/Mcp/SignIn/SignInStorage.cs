using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FuncChat.Tools.Identity;

namespace FuncChat.Tools.Mcp.SignIn;

/// <summary>What is stored of the sign-ins to one MCP server: the app's registrations, and for each user a pending sign-in and the tokens.</summary>
/// <param name="issuer">The only authorization server that counts; null for any.</param>
/// <remarks>Every failure of the store is a <see cref="SignInException"/>.</remarks>
internal sealed class SignInStorage(string server, ISecretStore? secrets, string? issuer = null)
{
    // Callers choose the name of the host, and with it the redirect URI.
    private const int MaxClients = 4;

    private readonly SecretKey _clients = new("", $"mcp-{server}-client");

    /// <summary>The app's registrations, one for each redirect URI.</summary>
    public async Task<IReadOnlyList<OAuthClient>> ReadClientsAsync(CancellationToken cancellationToken) =>
        [.. (await ReadAsync(_clients, OAuthJson.Default.IReadOnlyListOAuthClient, static _ => true, cancellationToken) ?? []).Where(client => client?.IsWhole == true)];

    /// <summary>Adds a registration in place of the one with the same redirect URI, and of the oldest one if there are too many. The caller holds the lock.</summary>
    public async Task AddClientAsync(OAuthClient client, CancellationToken cancellationToken)
    {
        var others = (await ReadClientsAsync(cancellationToken)).Where(each => each.RedirectUri != client.RedirectUri).TakeLast(MaxClients - 1);
        await WriteAsync(_clients, [.. others, client], OAuthJson.Default.IReadOnlyListOAuthClient, cancellationToken);
    }

    /// <summary>Removes a registration that the authorization server no longer knows.</summary>
    public async Task RemoveClientAsync(OAuthClient client, CancellationToken cancellationToken)
    {
        await using var held = await LockClientsAsync(cancellationToken);
        var known = await ReadClientsAsync(cancellationToken);
        if (known.Contains(client))
            await WriteAsync(_clients, [.. known.Where(each => each != client)], OAuthJson.Default.IReadOnlyListOAuthClient, cancellationToken);
    }

    /// <summary>Holds the lock of the registrations until the result is disposed, on all instances.</summary>
    public Task<IAsyncDisposable> LockClientsAsync(CancellationToken cancellationToken) =>
        GuardAsync(store => store.LockAsync(_clients, cancellationToken), cancellationToken);

    public Task<PendingSignIn?> ReadPendingAsync(string user, CancellationToken cancellationToken) => ReadAsync(Pending(user), OAuthJson.Default.PendingSignIn, pending => pending.IsWhole && IsAllowed(pending.Client), cancellationToken);

    public Task WritePendingAsync(string user, PendingSignIn pending, CancellationToken cancellationToken) =>
        WriteAsync(Pending(user), pending, OAuthJson.Default.PendingSignIn, cancellationToken);

    /// <summary>Removes the pending sign-in and returns it: one caller receives it.</summary>
    public Task<PendingSignIn?> TakePendingAsync(string user, CancellationToken cancellationToken) => TakeAsync(Pending(user), OAuthJson.Default.PendingSignIn, pending => pending.IsWhole && IsAllowed(pending.Client), cancellationToken);

    public Task<UserTokens?> ReadTokensAsync(string user, CancellationToken cancellationToken) => ReadAsync(Tokens(user), OAuthJson.Default.UserTokens, tokens => tokens.IsWhole && IsAllowed(tokens.Client), cancellationToken);

    public Task WriteTokensAsync(string user, UserTokens tokens, CancellationToken cancellationToken) =>
        WriteAsync(Tokens(user), tokens, OAuthJson.Default.UserTokens, cancellationToken);

    public Task<UserTokens?> TakeTokensAsync(string user, CancellationToken cancellationToken) => TakeAsync(Tokens(user), OAuthJson.Default.UserTokens, tokens => tokens.IsWhole && IsAllowed(tokens.Client), cancellationToken);

    /// <summary>Holds the lock of a user's tokens until the result is disposed, on all instances.</summary>
    public Task<IAsyncDisposable> LockTokensAsync(string user, CancellationToken cancellationToken) =>
        GuardAsync(store => store.LockAsync(Tokens(user), cancellationToken), cancellationToken);

    // After a change of the settings, nothing is sent to the earlier authorization server.
    private bool IsAllowed(OAuthClient client) => issuer is null || OAuthDiscovery.IsSame(client.Issuer, issuer);

    private SecretKey Pending(string user) => new(user, $"mcp-{server}{McpSignIns.PendingSecrets}");

    private SecretKey Tokens(string user) => new(user, $"mcp-{server}-tokens");

    private Task<T?> ReadAsync<T>(SecretKey key, JsonTypeInfo<T> type, Func<T, bool> isWhole, CancellationToken cancellationToken)
        where T : class => GuardAsync(async store => Parse(await store.ReadAsync(key, cancellationToken), type, isWhole), cancellationToken);

    private Task<T?> TakeAsync<T>(SecretKey key, JsonTypeInfo<T> type, Func<T, bool> isWhole, CancellationToken cancellationToken)
        where T : class => GuardAsync(async store => Parse(await store.TakeAsync(key, cancellationToken), type, isWhole), cancellationToken);

    private Task WriteAsync<T>(SecretKey key, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken) => GuardAsync(
        async store =>
        {
            await store.WriteAsync(key, JsonSerializer.SerializeToUtf8Bytes(value, type), cancellationToken);
            return true;
        },
        cancellationToken);

    // What is damaged, or was stored by another version of the app in another form, counts as absent: the user signs in again.
    private static T? Parse<T>(byte[]? json, JsonTypeInfo<T> type, Func<T, bool> isWhole)
        where T : class
    {
        try
        {
            return json is not null && JsonSerializer.Deserialize(json, type) is { } value && isWhole(value) ? value : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<T> GuardAsync<T>(Func<ISecretStore, Task<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            return await use(secrets ?? throw new InvalidOperationException("No store of secrets is registered."));
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SignInException("The store of sign-ins is unavailable. Try again in a moment.", SignInFailure.Store, failure);
        }
    }
}

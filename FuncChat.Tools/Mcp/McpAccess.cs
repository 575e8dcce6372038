using FuncChat.Tools.Mcp.SignIn;

namespace FuncChat.Tools.Mcp;

/// <summary>Reaches one MCP server, with the user's token where the server wants one.</summary>
/// <param name="signIn">How users sign in to the server; null for a process.</param>
/// <param name="toolsChanged">Called when the server reports that its tools have changed.</param>
internal sealed class McpAccess(McpServerSettings server, McpTransports transports, McpSignIn? signIn, Action toolsChanged) : IAsyncDisposable
{
    private readonly McpConnection _shared = new(transports, userToken: null, toolsChanged);

    /// <summary>Whether calls of the server carry the current user's token. Without a user, the server can't be called.</summary>
    public bool NeedsUser => server.Auth == McpAuth.User || SignsIn;

    /// <summary>Whether users sign in to the server.</summary>
    public bool SignsIn => transports.SignsIn;

    /// <summary>How users sign in to the server; null if they do not.</summary>
    public McpSignIn? SignIn => SignsIn ? signIn : null;

    /// <summary>Whether the server needs the token of a signed-in user, and this one has none.</summary>
    public bool Lacks(ToolUser user) => NeedsUser && (SignsIn ? user.Id.Length == 0 : user.Token is null);

    /// <summary>Uses a connection with the user's token, or the shared one. A token that the server does not accept is replaced: the refused request did not run.</summary>
    public async Task<T> UseAsync<T>(ToolUser user, Func<McpConnection, Task<T>> use, CancellationToken cancellationToken)
    {
        if (!NeedsUser)
            return await UseSharedAsync(use);
        if (SignIn is not { } signIn)
            return await UseOnceAsync(user.Token, use);
        var token = await signIn.TokenAsync(user.Id, cancellationToken);
        while (true)
        {
            try
            {
                try
                {
                    return await UseOnceAsync(token, use);
                }
                catch (Exception failure) when (McpErrors.IsUnauthorized(failure))
                {
                    token = await signIn.RefreshAsync(user.Id, token, cancellationToken);
                }

                return await UseOnceAsync(token, use);
            }
            catch (Exception failure) when (InsufficientScopeException.In(failure) is { } refusal)
            {
                if (await signIn.RequestScopesAsync(user.Id, token, refusal.Scopes, cancellationToken) is not { } granted)
                    throw;
                token = granted;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _shared.DisposeAsync();
        transports.Dispose();
        signIn?.Dispose();
    }

    // A token of the app that was refused is discarded, so the second attempt has another one.
    private async Task<T> UseSharedAsync<T>(Func<McpConnection, Task<T>> use)
    {
        try
        {
            return await use(_shared);
        }
        catch (Exception failure) when (server.Auth == McpAuth.OAuth && McpErrors.IsUnauthorized(failure))
        {
            return await use(_shared);
        }
    }

    private async Task<T> UseOnceAsync<T>(string? token, Func<McpConnection, Task<T>> use)
    {
        await using var connection = new McpConnection(transports, token, toolsChanged);
        return await use(connection);
    }
}

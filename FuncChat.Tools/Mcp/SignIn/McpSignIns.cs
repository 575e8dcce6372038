namespace FuncChat.Tools.Mcp.SignIn;

/// <summary>The MCP servers as one user sees them, and the user's sign-ins to them.</summary>
public sealed class McpSignIns
{
    /// <summary>The name of the app that authorization servers show to users.</summary>
    public const string AppName = "FuncChat";

    /// <summary>How long the user has to complete a sign-in.</summary>
    public static readonly TimeSpan Lifetime = McpSignIn.Lifetime;

    /// <summary>The end of the names of the secrets that are needed for this time only: they are removed when they are old.</summary>
    public const string PendingSecrets = "-pending";

    private readonly McpServers _servers;

    internal McpSignIns(McpServers servers) => _servers = servers;

    /// <summary>The servers in the order of the settings.</summary>
    public async Task<IReadOnlyList<McpServerState>> ListAsync(ToolUser user, CancellationToken cancellationToken) =>
        await Task.WhenAll(_servers.Sources.Select(source => StateOfAsync(source, user, cancellationToken)));

    /// <summary>Starts a sign-in, in place of one that the user has not completed.</summary>
    /// <returns>The address to open in the user's browser; null if there is no such server, or users do not sign in to it.</returns>
    /// <exception cref="SignInException">The server offers no sign-in that works.</exception>
    public async Task<Uri?> StartAsync(string server, ToolUser user, AppAddresses app, CancellationToken cancellationToken) =>
        await FindAsync(server, user, cancellationToken) is { } source ? await source.SignIn!.StartAsync(user.Id, app, cancellationToken) : null;

    /// <summary>Completes the user's own sign-in, once.</summary>
    /// <exception cref="SignInException">It is not the user's own, it has expired, or the authorization server refused it.</exception>
    public async Task<string> CompleteAsync(ToolUser user, SignInResponse response, CancellationToken cancellationToken)
    {
        if (!SignInState.TryParse(response.State, out var state) || await FindAsync(state.Server, user, cancellationToken) is not { } source)
            throw new SignInException("This sign-in is unknown or was already used. Start it again.", SignInFailure.Request);
        await source.SignIn!.CompleteAsync(user.Id, response, cancellationToken);
        source.Forget(user);
        return source.Name;
    }

    /// <summary>Deletes the user's tokens for a server, and revokes them if its authorization server can.</summary>
    /// <returns>False if there is no such server, or users do not sign in to it.</returns>
    public async Task<bool> SignOutAsync(string server, ToolUser user, CancellationToken cancellationToken)
    {
        if (await FindAsync(server, user, cancellationToken) is not { } source)
            return false;
        await source.SignIn!.SignOutAsync(user.Id, cancellationToken);
        source.Forget(user);
        return true;
    }

    private static async Task<McpServerState> StateOfAsync(McpToolSource source, ToolUser user, CancellationToken cancellationToken)
    {
        var available = await IsAvailableAsync(source, user, cancellationToken);
        try
        {
            if (source.SignIn is not { } signIn)
                return new McpServerState(source.Name, available, null);
            var (signedIn, needsAccess) = await signIn.StateAsync(user.Id, cancellationToken);
            return new McpServerState(source.Name, available, signedIn, needsAccess);
        }
        catch (SignInException)
        {
            // Whether the user is signed in is unknown.
            return new McpServerState(source.Name, available, null);
        }
    }

    private static async Task<bool> IsAvailableAsync(McpToolSource source, ToolUser user, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ToolSourceHealthCheck.Timeout);
        try
        {
            await source.ListAsync(user, limit.Token);
            return !source.IsFailing;
        }
        catch (Exception failure) when (failure is ToolSourceException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    // Without settings for it, the response of the server tells whether users sign in.
    private async Task<McpToolSource?> FindAsync(string name, ToolUser user, CancellationToken cancellationToken)
    {
        if (_servers.Sources.FirstOrDefault(source => source.Name == name) is not { } source)
            return null;
        if (source.SignIn is null)
            await IsAvailableAsync(source, user, cancellationToken);
        return source.SignIn is null ? null : source;
    }
}

/// <summary>An MCP server as a user sees it.</summary>
/// <param name="Available">Whether its tools can be used.</param>
/// <param name="SignedIn">Whether the user is signed in to it; null if users do not sign in.</param>
/// <param name="NeedsAccess">Whether a call needs more access than the user's sign-in includes.</param>
public sealed record McpServerState(string Name, bool Available, bool? SignedIn, bool NeedsAccess = false);

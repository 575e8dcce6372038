namespace FuncChat.Tools.Mcp.SignIn;

/// <summary>A sign-in to an MCP server can't start, or did not succeed. The message is for the user: it contains no token and no address.</summary>
public sealed class SignInException(string message, SignInFailure failure = SignInFailure.Server, Exception? innerException = null) : Exception(message, innerException)
{
    public SignInFailure Failure => failure;
}

/// <summary>Why a sign-in failed.</summary>
public enum SignInFailure
{
    /// <summary>The server, or its authorization server, does not work.</summary>
    Server,

    /// <summary>The server, or its authorization server, is unavailable.</summary>
    Unavailable,

    /// <summary>The request is not valid, or the user did not grant access.</summary>
    Request,

    /// <summary>The store of this app is unavailable.</summary>
    Store,
}

/// <summary>The user is not signed in to an MCP server that requires it, or the sign-in is no longer valid.</summary>
/// <param name="scopes">The access that a call needs and the sign-in does not include; null if the user is not signed in.</param>
internal sealed class SignInRequiredException(string server, ScopeSet? scopes = null) : Exception(
    scopes is null ? $"The user must sign in to the MCP server '{server}' first, in the settings of the page."
    : $"The user must sign in to the MCP server '{server}' again, and grant more access.")
{
    /// <summary>The access to grant; null if the user is not signed in.</summary>
    public ScopeSet? Scopes => scopes;
}

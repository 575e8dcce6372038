using System.Net;

namespace FuncChat.Tools.Mcp;

/// <summary>The server accepts the token, but not for this request, which needs scopes that the token does not have (RFC 6750, 3.1).</summary>
internal sealed class InsufficientScopeException(ScopeSet scopes) : HttpRequestException("The token does not have the scopes of the request.", null, HttpStatusCode.Forbidden)
{
    /// <summary>The scopes that the request needs.</summary>
    public ScopeSet Scopes => scopes;

    /// <summary>The refusal that caused a failure; null if the failure has another cause.</summary>
    public static InsufficientScopeException? In(Exception failure) => failure as InsufficientScopeException ?? failure.InnerException as InsufficientScopeException;
}

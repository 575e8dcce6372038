using System.ComponentModel.DataAnnotations;
using FuncChat.Web.Http;

namespace FuncChat.Web.Mcp;

/// <summary>The body of `POST /api/mcp/oauth/callback`: what the authorization server returned to the user's browser.</summary>
internal sealed record CompleteSignInRequest
{
    [Required(ErrorMessage = "The state is missing.")]
    [Text(512)]
    public string? State { get; init; }

    /// <summary>The authorization code.</summary>
    [Text(4096)]
    public string? Code { get; init; }

    /// <summary>The issuer, if the authorization server returned it.</summary>
    [Text(2048)]
    public string? Iss { get; init; }

    /// <summary>The error, in place of a code.</summary>
    [Text(256)]
    public string? Error { get; init; }
}

internal sealed record McpServerList(IReadOnlyList<McpServerDescription> Servers);

/// <param name="State">`available`, `sign_in_required`, or `unavailable`.</param>
/// <param name="SignedIn">Whether you are signed in to the server; null if users do not sign in to it.</param>
internal sealed record McpServerDescription(
    string Name, [property: AllowedValues("available", "sign_in_required", "unavailable")] string State, bool? SignedIn);

/// <param name="Url">The address to open in the browser.</param>
/// <param name="ExpiresAt">When the sign-in must be completed.</param>
internal sealed record StartedSignIn(string Url, DateTimeOffset ExpiresAt);

internal sealed record CompletedSignIn(string Server);

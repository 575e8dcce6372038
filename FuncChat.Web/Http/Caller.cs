using FuncChat.Tools;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Http;

/// <summary>The caller of a request, as <see cref="Auth.ApiAuthorization"/> has identified it.</summary>
/// <param name="User">The owner of the turns that the request may access; unique to this user.</param>
internal sealed record Caller(string User)
{
    /// <summary>The caller's app roles and groups; `key:name` for an API key.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The name by which administrators know the caller, such as an e-mail address; null if unknown.</summary>
    public string? Name { get; init; }

    /// <summary>The one user of a server without sign-in.</summary>
    public static Caller Anonymous { get; } = new("anonymous");

    /// <summary>The request's user as tools know it.</summary>
    public static ToolUser ToolUserOf(HttpContext http) => new(UserOf(http), UserToken.Current);

    /// <summary>The id of the request's user.</summary>
    /// <exception cref="InvalidOperationException">The request was not authorized: a route was added without its authorization.</exception>
    public static string UserOf(HttpContext http) => Of(http).User;

    /// <summary>The request's caller.</summary>
    /// <inheritdoc cref="UserOf" path="/exception"/>
    public static Caller Of(HttpContext http) => http.Features.Get<Caller>()
        ?? throw new InvalidOperationException("The request was not authorized. Call the handler through ApiAuthorization.RunAsync.");
}

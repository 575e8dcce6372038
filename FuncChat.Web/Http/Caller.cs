using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Http;

/// <summary>Whose request it is, as the gate has found out.</summary>
/// <param name="User">The owner of the turns that the request may reach: nobody else has this name.</param>
internal sealed record Caller(string User)
{
    /// <summary>One name for all where nobody signs in.</summary>
    public static Caller Anonymous { get; } = new("anonymous");

    /// <summary>The name of the request's user.</summary>
    /// <exception cref="InvalidOperationException">The request came past the gate: a route was added without it.</exception>
    public static string UserOf(HttpContext http) => http.Features.Get<Caller>()?.User
        ?? throw new InvalidOperationException("The request came past the gate. Call the handler by ApiGate.RunAsync.");
}

using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Http;

/// <summary>Whose turns a request may reach.</summary>
internal static class Caller
{
    private const string Anonymous = "anonymous";

    /// <summary>The signed-in user's name; one name for all where nobody signs in.</summary>
    public static string UserOf(HttpContext http) => http.User.Identity is { IsAuthenticated: true, Name: { } name } ? name : Anonymous;
}

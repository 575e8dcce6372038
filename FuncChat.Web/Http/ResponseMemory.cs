using FuncChat.Engine;
using FuncChat.Engine.Turns;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Http;

/// <summary>Bounds what responses keep in memory, which a client that reads slowly could prolong.</summary>
internal static class ResponseMemory
{
    /// <summary>Holds the bytes until the response is sent, or returns an error if the user, or all users together, hold too many.</summary>
    public static AppError? HoldForResponse(this RequestMemory memory, HttpContext http, string user, long bytes)
    {
        var held = memory.Hold(user, bytes);
        if (!held.Succeeded)
            return held.Error;
        http.Response.RegisterForDispose(held.Value);
        return null;
    }
}

using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FuncChat.Web.Threads;

/// <summary>The ETag of a thread: another thread with the same id, after a deletion, has others.</summary>
internal static class ThreadETag
{
    public static string Of(DateTimeOffset createdAt, long version) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{createdAt.UtcTicks:x}-{version}\"");

    /// <summary>Whether the request allows a change of the thread as it is now.</summary>
    public static bool Allows(HttpRequest request, string current)
    {
        var given = request.Headers.IfMatch;
        return given.Count == 0
            || (EntityTagHeaderValue.TryParseList(given!, out var tags) && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.ToString() == current));
    }

    /// <summary>Whether the client has the resource as it is now.</summary>
    public static bool IsKnown(HttpRequest request, string current) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch!, out var tags) && tags.Any(tag => tag.ToString() == current);
}

using System.Globalization;
using FuncChat.Engine;
using FuncChat.Engine.Threads;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FuncChat.Web.Threads;

/// <summary>The ETag of a thread: another thread with the same id, after a deletion, has others, since its versions begin later, even if its client creates it with the same time.</summary>
internal static class ThreadETag
{
    private static AppError Changed { get; } = ThreadErrors.Changed with { Status = StatusCodes.Status412PreconditionFailed };

    private static AppError Mixed { get; } = new(ErrorCode.InvalidRequest, "The header If-Match must be either * or a list of ETags.");

    public static string Of(DateTimeOffset createdAt, long version) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{createdAt.UtcTicks:x}-{version}\"");

    /// <summary>Why the `If-Match` of a request does not allow a change of the thread as it is now; null if it does.</summary>
    public static AppError? FindError(HttpRequest request, string current)
    {
        var given = request.Headers.IfMatch;
        if (given.Count == 0)
            return null;
        if (!EntityTagHeaderValue.TryParseList(given!, out var tags))
            return Changed;
        var isAny = tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any));
        return isAny && tags.Count > 1 ? Mixed
            : isAny || tags.Any(tag => tag.ToString() == current) ? null
            : Changed;
    }

    /// <summary>Whether the client has the resource as it is now.</summary>
    public static bool IsKnown(HttpRequest request, string current) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch!, out var tags)
        && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(EntityTagHeaderValue.Parse(current), useStrongComparison: false));
}

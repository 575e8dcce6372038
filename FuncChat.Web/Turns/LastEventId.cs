using FuncChat.Engine;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Turns;

/// <summary>Where a client continues a stream: the id of the last event that it has.</summary>
internal static class LastEventId
{
    // The header of EventSource, and the parameters of this API and of EventSource's polyfills, which can't set headers.
    private const string Header = "Last-Event-ID";
    private static readonly string[] Parameters = ["after", "lastEventId"];

    public static AppError Invalid { get; } =
        new(ErrorCode.InvalidRequest, "Last-Event-ID, ?after= or ?lastEventId= must be the id of the last event that you have, such as 7.");

    /// <summary>Reads the id; 0 if the request has none. The highest one counts: a client that reconnects repeats the query of its first request.</summary>
    /// <returns>False if an id is not a number.</returns>
    public static bool TryRead(HttpRequest request, out long after)
    {
        after = 0;
        foreach (var text in Parameters.Select(name => request.Query[name].ToString()).Append(request.Headers[Header].ToString()))
        {
            if (text.Length == 0)
                continue;
            if (!WholeNumber.TryRead(text, out long id))
                return false;
            after = Math.Max(after, id);
        }

        return true;
    }
}

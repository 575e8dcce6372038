using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Telemetry;

/// <summary>
/// A caller's `traceparent`. Requests start traces of their own, so a stranger can neither choose the ids in our traces nor whether they are sampled. The
/// trace of a caller who has signed in is linked.
/// </summary>
internal static class CallerTrace
{
    /// <summary>Reads no context from requests.</summary>
    public static DistributedContextPropagator Ignored { get; } = new NoContext();

    /// <summary>Links the request's span to the caller's.</summary>
    public static void Link(HttpContext http)
    {
        if (Activity.Current is { } span && ActivityContext.TryParse(http.Request.Headers.TraceParent, traceState: null, isRemote: true, out var caller)
            && caller.TraceId != span.TraceId)
        {
            span.AddLink(new ActivityLink(caller));
        }
    }

    private sealed class NoContext : DistributedContextPropagator
    {
        public override IReadOnlyCollection<string> Fields => [];

        public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
        {
            // For requests that come in only.
        }

        public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
            (traceId, traceState) = (null, null);

        public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
    }
}

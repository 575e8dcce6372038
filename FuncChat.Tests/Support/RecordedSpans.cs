using System.Collections.Concurrent;
using System.Diagnostics;
using FuncChat.Engine.Telemetry;

namespace FuncChat.Tests.Support;

/// <summary>
/// The engine's spans that belong to one trace, as they end; of a test's own, whatever else runs in the process. Begin the trace before the turn, and
/// dispose this when the turn has ended.
/// </summary>
internal sealed class RecordedSpans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public RecordedSpans()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == EngineTelemetry.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
        Request = new Activity("request").Start();
    }

    /// <summary>The span of the request that starts the turn.</summary>
    public Activity Request { get; }

    public IReadOnlyList<Activity> All => [.. _ended.Where(span => span.TraceId == Request.TraceId)];

    public Activity Single(string name) => Assert.Single(All, span => span.DisplayName == name);

    /// <summary>Every word that the spans say.</summary>
    public string Text => string.Join('\n', All.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}")
        .Append(span.DisplayName).Append(span.StatusDescription).Concat(span.Events.Select(told => told.Name))));

    public void Dispose()
    {
        Request.Stop();
        _listener.Dispose();
        Request.Dispose();
    }
}

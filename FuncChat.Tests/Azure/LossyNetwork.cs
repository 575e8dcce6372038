using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Azure;

/// <summary>The way to the store, on which an answer can get lost, and on which requests and renewals of a lease are seen.</summary>
internal sealed class LossyNetwork : HttpPipelinePolicy
{
    private int _toLose;
    private int _requests;

    public int Lost { get; private set; }

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>The requests so far, as method and action.</summary>
    public ConcurrentQueue<string> Log { get; } = [];

    /// <summary>What appends wait for on their way.</summary>
    public Task WayOfAppends { get; set; } = Task.CompletedTask;

    /// <summary>What requests wait for on their way.</summary>
    public Task Way { get; set; } = Task.CompletedTask;

    /// <summary>What answers wait for on their way back.</summary>
    public Task WayBack { get; set; } = Task.CompletedTask;

    /// <summary>Set when an answer is held on its way back.</summary>
    public ManualSignal AnswerHeld { get; } = new();

    /// <summary>Whether nothing gets through.</summary>
    public bool Down { get; set; }

    /// <summary>Which actions do not get through.</summary>
    public Func<string, bool> Refuses { get; set; } = _ => false;

    /// <summary>Set when a request did not get through.</summary>
    public ManualSignal Refused { get; } = new();

    public ManualSignal LeaseRenewed { get; } = new();

    public void LoseNextAnswer() => Volatile.Write(ref _toLose, 1);

    public BlobClientOptions Options()
    {
        var options = new BlobClientOptions { Retry = { Delay = TimeSpan.Zero, Mode = RetryMode.Fixed } };
        options.AddPolicy(this, HttpPipelinePosition.PerRetry);
        return options;
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Nothing waits for the store by blocking a thread.");

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Interlocked.Increment(ref _requests);
        var action = ActionOf(message.Request);
        Log.Enqueue($"{message.Request.Method} {action}");
        await Way.WaitAsync(message.CancellationToken);
        if (action == "appendblock")
            await WayOfAppends.WaitAsync(message.CancellationToken);
        if (Down || Refuses(action))
        {
            Refused.Set();
            throw new IOException("Connection refused.");
        }

        await ProcessNextAsync(message, pipeline);
        if (WayBack is { IsCompleted: false } way)
        {
            AnswerHeld.Set();
            await way.WaitAsync(message.CancellationToken);
        }

        if (action == "lease renew")
            LeaseRenewed.Set();
        if (Interlocked.Exchange(ref _toLose, 0) == 0)
            return;
        Lost++;
        throw new IOException("The answer was lost.");
    }

    private static string ActionOf(Request request)
    {
        var query = request.Uri.Query;
        var action = query.Contains("comp=", StringComparison.Ordinal) ? query[(query.IndexOf("comp=", StringComparison.Ordinal) + 5)..].Split('&')[0] : "blob";
        return request.Headers.TryGetValue("x-ms-lease-action", out var lease) ? $"{action} {lease}" : action;
    }
}

using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Azure.Usage;

/// <summary>The way to the table: counts requests, can be cut, fall silent, and lose answers to what was done.</summary>
internal sealed class FailingNetwork : HttpPipelinePolicy
{
    private int _requests;

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Told when something was asked for the first time.</summary>
    public ManualSignal Asked { get; } = new();

    /// <summary>Told when a row has been written for the first time.</summary>
    public ManualSignal Written { get; } = new();

    public bool IsCut { get; set; }

    public bool IsSilent { get; set; }

    public bool LosesAnswers { get; set; }

    public TableClientOptions Options()
    {
        var options = new TableClientOptions { Retry = { MaxRetries = 0 } };
        options.AddPolicy(this, HttpPipelinePosition.PerRetry);
        return options;
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Nothing waits for the table by blocking a thread.");

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Interlocked.Increment(ref _requests);
        Asked.Set();
        if (IsCut)
            throw new IOException("The network is cut.");
        if (IsSilent)
            await new TaskCompletionSource().Task.WaitAsync(message.CancellationToken);
        await ProcessNextAsync(message, pipeline);
        if (LosesAnswers)
            throw new IOException("The answer was lost.");
        if (message.Request.Method == RequestMethod.Put && message.Response.Status == 204)
            Written.Set();
    }
}

using System.Runtime.CompilerServices;
using System.Threading.Channels;
using FuncChat.Engine.Models;

namespace FuncChat.Tests.Support;

/// <summary>One answer of a <see cref="FakeModel"/>, given piece by piece by the test.</summary>
internal sealed class ModelFeed
{
    private readonly Channel<ModelChunk> _chunks = Channel.CreateUnbounded<ModelChunk>();

    /// <summary>Set when the call has come.</summary>
    public ManualSignal Called { get; } = new();

    /// <summary>Set when the call was given up.</summary>
    public ManualSignal GivenUp { get; } = new();

    public void Give(params ModelChunk[] chunks)
    {
        foreach (var chunk in chunks)
            _chunks.Writer.TryWrite(chunk);
    }

    /// <summary>The last pieces: finish reason and usage.</summary>
    public void End(string reason = FinishReason.Stop, long input = 10, long output = 5)
    {
        Give(FakeModel.Finish(reason), FakeModel.Usage(input, output));
        _chunks.Writer.Complete();
    }

    public void Fail(ModelException failure) => _chunks.Writer.Complete(failure);

    public async IAsyncEnumerable<ModelChunk> StreamAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Called.Set();
        try
        {
            await foreach (var chunk in _chunks.Reader.ReadAllAsync(cancellationToken))
                yield return chunk;
        }
        finally
        {
            // Not by a callback of the token: the reading, which ends by the same token, could take it back before it is called.
            if (cancellationToken.IsCancellationRequested)
                GivenUp.Set();
        }
    }
}

using FuncChat.Engine.Store;

namespace FuncChat.Tests.Fuzz;

/// <summary>A log that a crash tore, or that something else wrote to, is read to its last whole event: nothing is lost, doubled or made up.</summary>
public sealed class StoredLogFuzzTests() : FuzzTests("stored-log", seed: 631)
{
    private readonly Random _reads = new(632);

    protected override IReadOnlyList<string> Good { get; } =
    [
        "{\"turn_id\":\"turn-0001\"}\n\nid: 1\nevent: status\ndata: {}\n\nid: 2\nevent: delta\ndata: {\"content\":\"x\"}\n\nid: 3\nevent: complete\ndata: {}\n\n",
        "{}\n\nid: 1\nevent: error\ndata: {}\n\n",
        "{}\n\nid: 1\nevent: delta\ndata: {\"content\":\"",
    ];

    protected override IReadOnlyList<string> Tokens { get; } =
        ["\n", "\n\n", "\n\n\n", "\r\n", "id: ", "id: 9223372036854775808\n", "id: -1\n", "\nevent: ", "\nevent: complete\n", "\ndata: ", "{}", "\0", "\0\0\0\0", "{\"turn_id\":"];

    protected override void Check(byte[] input)
    {
        using var log = new TornLog(input, _reads.Next(1, 40));
        if (!log.TryFindHeaderAsync(CancellationToken.None).GetAwaiter().GetResult())
        {
            Assert.False(input.AsSpan().IndexOf("\n\n"u8) >= 0, "The header is whole.");
            return;
        }

        var header = log.ReadHeaderAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult().Span;
        Assert.True(input.AsSpan().StartsWith(header) && header.EndsWith("\n\n"u8) && header.Length == log.HeaderLength);
        foreach (var after in new long[] { 0, _reads.Next(4), long.MaxValue, 0 })
            ReadToEnd(log, after, input);
    }

    // What is damaged is reported, and what is read is whole events, in their order, each once.
    private static void ReadToEnd(TornLog log, long after, byte[] input)
    {
        var end = (int)log.HeaderLength;
        try
        {
            while (log.ReadAsync(after, CancellationToken.None).AsTask().GetAwaiter().GetResult() is { IsEmpty: false } page)
            {
                Assert.True(page.Frames.Span.EndsWith("\n\n"u8) && page.LastId > after);
                var start = input.AsSpan(end).IndexOf(page.Frames.Span);
                Assert.True(start >= 0, "The bytes are those of the log.");
                end += start + page.Frames.Length;
                after = page.LastId;
            }
        }
        catch (TurnStoreException e)
        {
            Assert.Equal(TurnStoreFailure.Damaged, e.Reason);
        }
    }

    /// <summary>Returns what it holds in reads of this size, at once.</summary>
    private sealed class TornLog(byte[] bytes, int size) : LogReader, IDisposable
    {
        protected override long KnownLength => bytes.Length;

        public override Task WaitAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

        protected override ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        {
            var count = Math.Max(0, Math.Min(Math.Min(size, buffer.Length), bytes.Length - (int)offset));
            bytes.AsMemory((int)offset, count).CopyTo(buffer);
            return new(count);
        }
    }
}

using FuncChat.Engine.Store;

namespace FuncChat.Tests.Fuzz;

/// <summary>A log that a crash tore, or that somebody wrote into, is read to its last whole frame: nothing is lost, doubled or made up.</summary>
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
        var log = new TornLog(input, _reads.Next(1, 40));
        var read = new List<byte>();
        var frames = EventLogReader.ReadAsync(log, 0, CancellationToken.None).ToBlockingEnumerable().Select(frame =>
        {
            Assert.Equal(read.Count, frame.Offset);
            read.AddRange(frame.Bytes.Span);
            Assert.True(frame.Bytes.Span.EndsWith("\n\n"u8));
            return frame.EndOffset;
        }).ToList();
        var whole = input.AsSpan().LastIndexOf("\n\n"u8) + 2;
        Assert.True(read.Count <= input.Length && input.AsSpan(0, read.Count).SequenceEqual(read.ToArray()));
        Assert.True(read.Count >= whole - 1 || whole == 1, "All whole frames were read.");

        var end = EventLogReader.AdvanceAsync(log, default, CancellationToken.None).GetAwaiter().GetResult();
        Assert.Equal(frames.LastOrDefault(), end.EndOffset);
        var place = EventLogReader.FindAsync(log, _reads.Next(4), CancellationToken.None).GetAwaiter().GetResult();
        Assert.InRange(place.Offset, 0, end.EndOffset);
    }

    /// <summary>Gives what it holds in reads of this size, at once.</summary>
    private sealed class TornLog(byte[] bytes, int size) : ITurnReader
    {
        public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        {
            var count = Math.Max(0, Math.Min(Math.Min(size, buffer.Length), bytes.Length - (int)offset));
            bytes.AsMemory((int)offset, count).CopyTo(buffer);
            return new(count);
        }

        public ValueTask DisposeAsync() => default;
    }
}

using System.Text;
using FuncChat.Engine.Models.Http;

namespace FuncChat.Tests.Engine.Models.OpenAi;

public sealed class SseReaderTests
{
    [Theory]
    [InlineData("data: a\n\ndata: b\n\n", "a|b")]
    [InlineData("data:a\r\n\r\ndata:b\r\n\r\n", "a|b")]
    [InlineData("data: a\r\rdata: b\r\r", "a|b")]
    [InlineData("data: a\r\n\rdata: b\n\r\n", "a|b")]
    [InlineData("\uFEFFdata: a\n\n", "a")]
    [InlineData("\uFEFF: comment\n\ndata: a\n\n", "a")]
    [InlineData(": comment\ndata: a\n: in between\n\n:\n\n", "a")]
    [InlineData("id: 1\nevent: delta\nretry: 5\nunknown\ndata: a\n\n", "a")]
    [InlineData("data: a\ndata: b\n\ndata: c\n\n", "a\nb|c")]
    [InlineData("data\ndata: a\n\n", "\na")]
    [InlineData("data:  two spaces\n\n", " two spaces")]
    [InlineData("data: no blank line at the end", "no blank line at the end")]
    [InlineData("data: é€😀\n\ndata: 漢字\r\n\r\n", "é€😀|漢字")]
    [InlineData("event: error\ndata: x\n\ndata: y\n\n", "!x|y")]
    [InlineData("event:error\n\ndata: y\n\n", "y")]
    [InlineData("\n\n\n", "")]
    [InlineData("", "")]
    [InlineData("dat: x\n\ndatax: y\n\n", "")]
    public void Reader_gives_the_same_events_however_the_bytes_are_split(string stream, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        Assert.Equal(expected, Read([bytes]));
        Assert.Equal(expected, Read([.. bytes.Select(value => new[] { value })]));
        for (var split = 1; split < bytes.Length; split++)
            Assert.Equal(expected, Read([bytes[..split], bytes[split..]]));
    }

    [Fact]
    public void Reader_gives_an_event_before_the_next_byte_has_come()
    {
        using var received = new ReceiveBuffer(1024);
        var reader = new SseReader(received, 1024);
        Add(received, "data: a\r\r"u8.ToArray());

        Assert.True(reader.TryRead(ended: false, out var data));
        Assert.Equal("a"u8.ToArray(), data.ToArray());
    }

    [Fact]
    public void Reader_takes_an_event_just_below_the_limit_and_refuses_one_at_it()
    {
        const int Limit = 100_000;
        var fits = "data:" + new string('x', Limit - 100) + "\n\n";
        Assert.Equal(Limit - 100, Read([.. Encoding.UTF8.GetBytes(fits).Chunk(1000)], Limit).Length);

        var endless = Encoding.UTF8.GetBytes("data:" + new string('x', 2 * Limit)).Chunk(1000).ToArray();
        Assert.Throws<InvalidDataException>(() => Read(endless, Limit));

        var manyLines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("data:" + new string('x', 995) + "\n", 200)));
        Assert.Throws<InvalidDataException>(() => Read([.. manyLines.Chunk(1000)], Limit));
    }

    /// <summary>The events joined by `|`, with a `!` before each that is named `error`.</summary>
    private static string Read(byte[][] pieces, int limit = 1024 * 1024)
    {
        using var received = new ReceiveBuffer(limit);
        var reader = new SseReader(received, limit);
        var events = new List<string>();
        foreach (var piece in pieces)
        {
            Add(received, piece);
            while (reader.TryRead(ended: false, out var data))
                events.Add((reader.IsError ? "!" : "") + Encoding.UTF8.GetString(data.Span));
        }
        while (reader.TryRead(ended: true, out var data))
            events.Add((reader.IsError ? "!" : "") + Encoding.UTF8.GetString(data.Span));
        return string.Join('|', events);
    }

    private static void Add(ReceiveBuffer received, byte[] piece)
    {
        while (piece.Length > 0)
        {
            var space = received.Space();
            var count = Math.Min(space.Length, piece.Length);
            piece.AsMemory(0, count).CopyTo(space);
            received.Received(count);
            piece = piece[count..];
        }
    }
}

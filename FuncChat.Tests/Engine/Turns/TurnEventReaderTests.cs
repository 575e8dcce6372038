using FuncChat.Engine.Events;
using FuncChat.Engine.Turns;

namespace FuncChat.Tests.Engine.Turns;

public sealed class TurnEventReaderTests
{
    private const string Stream =
        "id: 1\nevent: status\ndata: {\"status\":\"processing\",\"turn_id\":\"t\",\"model\":\"m\",\"provider\":\"p\",\"has_tools\":false}\n\n"
        + "id: 2\nevent: delta\ndata: {\"content\":\"W\u00f6rds \ud83c\udf0a\"}\n\n"
        + "id: 5\nevent: of_tomorrow\ndata: {}\n\n"
        + "id: 6\nevent: error\ndata: {\"error\":\"Failed.\",\"code\":\"INTERNAL\",\"retryable\":true}\n\n";

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10_000)]
    public async Task Reader_returns_the_same_events_however_the_bytes_are_cut(int pieceLength)
    {
        var events = await ReadAsync(new PiecedFollower(System.Text.Encoding.UTF8.GetBytes(Stream), pieceLength));

        Assert.Equal([1, 2, 6], events.Select(read => read.Id));
        Assert.Equal("W\u00f6rds \ud83c\udf0a", Assert.IsType<DeltaEvent>(events[1].Event).Content.ToString());
        Assert.IsType<ErrorEvent>(events[2].Event);
    }

    [Fact]
    public async Task Reader_returns_an_event_that_is_larger_than_its_buffer()
    {
        var text = new string('x', 300_000);

        var events = await ReadAsync(new PiecedFollower(System.Text.Encoding.UTF8.GetBytes($"id: 1\nevent: delta\ndata: {{\"content\":\"{text}\"}}\n\n"), 1000));

        Assert.Equal(text, Assert.IsType<DeltaEvent>(Assert.Single(events).Event).Content.ToString());
    }

    private static async Task<List<(long Id, TurnEvent Event)>> ReadAsync(TurnFollower follower)
    {
        await using (follower)
        {
            using var reader = new TurnEventReader(follower);
            var events = new List<(long, TurnEvent)>();
            while (await reader.WaitAsync() == FollowState.Data)
            {
                while (reader.TryRead(out var id, out var turnEvent))
                    events.Add((id, turnEvent));
            }

            return events;
        }
    }

    /// <summary>Returns the bytes in pieces of one length.</summary>
    private sealed class PiecedFollower(byte[] bytes, int pieceLength) : TurnFollower
    {
        private int _offset;

        public override ValueTask<FollowState> WaitAsync() =>
            ValueTask.FromResult(_offset < bytes.Length ? FollowState.Data : FollowState.End);

        public override ValueTask<int> ReadAsync(Memory<byte> destination)
        {
            var piece = bytes.AsMemory(_offset, Math.Min(bytes.Length - _offset, Math.Min(pieceLength, destination.Length)));
            piece.CopyTo(destination);
            _offset += piece.Length;
            return ValueTask.FromResult(piece.Length);
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

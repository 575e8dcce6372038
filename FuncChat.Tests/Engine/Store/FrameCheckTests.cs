using System.Buffers;
using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;
using FuncChat.Engine.Store;

namespace FuncChat.Tests.Engine.Store;

/// <summary>Stored frames that are sent without being decoded.</summary>
public sealed class FrameCheckTests
{
    private const string Text = "id: 3\nevent: delta\ndata: {\"content\":\"a\"}\n\n";

    private static readonly byte[] Frames = Write(
        new StatusEvent("processing", "turn-0001", "m", "p", true), new DeltaEvent(new JsonText("\"ä 🦆 \\\"quoted\\\" \\n \\u00e4\""u8.ToArray())), new ReasoningEvent(new JsonText("\"\""u8.ToArray())), new ToolCallStartEvent("call_1", "Echo", "{\"a\":1}"),
        new CompleteEvent("success", [new RawJson("""{"role":"assistant","content":"ä"}"""u8.ToArray())], 1, new ModelUsage(1, 1)));

    [Fact]
    public void Whole_page_is_valid()
    {
        var page = new EventPage(Frames, 5, TurnStatus.Ended);

        Assert.Equal(page, new FrameCheck().ValidPart(page, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(512)]
    public void Zeros_of_a_disk_are_found_wherever_they_are(int count)
    {
        for (var at = 0; at < Frames.Length; at++)
        {
            var bytes = Frames.ToArray();
            bytes.AsSpan(at, Math.Min(count, bytes.Length - at)).Clear();

            Assert.Equal(FrameEndBefore(at), ValidLength(bytes));
        }
    }

    [Fact]
    public void Lost_bytes_are_found_unless_they_are_letters_of_a_value()
    {
        var found = 0;
        for (var at = 0; at < Frames.Length - 3; at++)
            found += ValidLength([.. Frames[..at], .. Frames[(at + 3)..]]) < Frames.Length - 3 ? 1 : 0;

        Assert.InRange(found, Frames.Length / 2, Frames.Length);
    }

    [Theory]
    [InlineData("id: 2\nevent: delta\ndata: {\"content\":\"a\"}\n\n")]
    [InlineData("id: 1\nevent: delta\ndata: {\"content\":\"a\"}\n\n")]
    [InlineData("id: 03\nevent: delta\ndata: {\"content\":\"a\"}\n\n")]
    [InlineData("id: 3x\nevent: delta\ndata: {\"content\":\"a\"}\n\n")]
    [InlineData("id: 3\nevent: \ndata: {\"content\":\"a\"}\n\n")]
    [InlineData("id: 3\nevent: de:ta\ndata: {\"content\":\"a\"}\n\n")]
    [InlineData("id: 3\nevent: delta\ndata: {\"content\":\"a\n\n")]
    [InlineData("id: 3\nevent: delta\ndata: {\"content\":\"a\"b\"}\n\n")]
    [InlineData("id: 3\nevent: delta\ndata: {\"content\":\"a\\\"}\n\n")]
    [InlineData("id: 3\nevent: delta\ndata: {\"content\":\"a\"}}\n\n")]
    [InlineData("id: 3\nevent: delta\ndata: {\"content\":\"a\"}\nid: 4\n\n")]
    [InlineData("id: 3\nevent: delta\ndata: 1\n\n")]
    [InlineData("id: 3\nevent: delta\ndata: \n\n")]
    [InlineData("id: 3\nevent: delta\n\n")]
    [InlineData("\n\n")]
    [InlineData("####################\n\n")]
    public void Frame_that_is_no_event_is_not_valid(string damaged)
    {
        var before = "id: 2\nevent: delta\ndata: {\"content\":\"b\"}\n\n";

        Assert.Equal(before.Length, ValidLength(Encoding.UTF8.GetBytes(before + damaged + Text.Replace("id: 3", "id: 9", StringComparison.Ordinal))));
        Assert.Equal(TurnStoreFailure.Damaged, Assert.Throws<TurnStoreException>(() => new FrameCheck().ValidPart(new EventPage(Encoding.UTF8.GetBytes(damaged), 3, TurnStatus.Running), 2)).Reason);
    }

    [Fact]
    public void Data_may_contain_the_white_space_of_the_client_that_sent_it()
    {
        var page = new EventPage(Write(new RequestAnsweredEvent("req_1", "accept", "ada", DateTimeOffset.UnixEpoch) { Content = new RawJson("{\t\"a\":\t1 }"u8.ToArray()) }), 1, TurnStatus.Running);

        Assert.Contains('\t', Encoding.UTF8.GetString(page.Frames.Span));
        Assert.Equal(page, new FrameCheck().ValidPart(page, 0));
    }

    [Fact]
    public void Text_that_is_not_UTF_8_is_not_valid()
    {
        var bytes = Encoding.UTF8.GetBytes(Text + Text.Replace("id: 3", "id: 4", StringComparison.Ordinal));
        bytes[^6] = 0xFF;

        Assert.Equal(Text.Length, ValidLength(bytes));
    }

    [Fact]
    public void Valid_part_ends_with_the_last_valid_event()
    {
        var part = new FrameCheck().ValidPart(new EventPage(Encoding.UTF8.GetBytes(Text + "x\n\n"), 4, TurnStatus.Ended), 2);

        Assert.Equal((Text, 3, TurnStatus.Running), (Encoding.UTF8.GetString(part.Frames.Span), part.LastId, part.Status));
    }

    // The store finds the events after an id by their ids: it may skip the one that is damaged.
    [Fact]
    public void No_event_is_valid_after_a_damaged_one_whatever_the_store_reads_next()
    {
        var check = new FrameCheck();
        Assert.Equal(3, check.ValidPart(new EventPage(Encoding.UTF8.GetBytes(Text + Text), 3, TurnStatus.Running), 2).LastId);

        Assert.Throws<TurnStoreException>(() => check.ValidPart(new EventPage(Encoding.UTF8.GetBytes(Text.Replace("id: 3", "id: 4", StringComparison.Ordinal)), 4, TurnStatus.Running), 3));
        Assert.Throws<TurnStoreException>(() => check.ValidPart(new EventPage(default, 4, TurnStatus.Ended), 3));
    }

    [Fact]
    public void Check_that_stops_at_the_end_of_a_turn_leaves_out_what_is_after_it_in_the_same_page_and_in_the_next_one()
    {
        var late = Encoding.UTF8.GetBytes(Text.Replace("id: 3", "id: 9", StringComparison.Ordinal));
        var check = new FrameCheck(stopsAtEnd: true);

        var part = check.ValidPart(new EventPage((byte[])[.. Frames, .. late], 9, TurnStatus.Running), 0);

        Assert.Equal((Frames.Length, 5, TurnStatus.Ended), (part.Frames.Length, part.LastId, part.Status));
        Assert.Equal(new EventPage(default, 5, TurnStatus.Ended), check.ValidPart(new EventPage(late, 9, TurnStatus.Running), 5));
        Assert.Equal(9, new FrameCheck().ValidPart(new EventPage((byte[])[.. Frames, .. late], 9, TurnStatus.Running), 0).LastId);
    }

    private static int ValidLength(byte[] frames)
    {
        try
        {
            return new FrameCheck().ValidPart(new EventPage(frames, 5, TurnStatus.Ended), 0).Frames.Length;
        }
        catch (TurnStoreException e)
        {
            Assert.Equal(TurnStoreFailure.Damaged, e.Reason);
            return 0;
        }
    }

    private static int FrameEndBefore(int at)
    {
        var end = 0;
        while (StoredFrames.FirstLength(Frames.AsSpan(end)) is var length && end + length <= at)
            end += length;
        return end;
    }

    private static byte[] Write(params TurnEvent[] events)
    {
        var frames = new ArrayBufferWriter<byte>();
        foreach (var (index, each) in events.Index())
            EventFrames.Write(frames, index + 1, each);
        return frames.WrittenSpan.ToArray();
    }
}

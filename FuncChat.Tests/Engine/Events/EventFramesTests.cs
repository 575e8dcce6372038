using System.Buffers;
using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Events;

namespace FuncChat.Tests.Engine.Events;

public sealed class EventFramesTests
{
    [Fact]
    public void Frame_that_was_written_is_read_as_the_same_event()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var progress = new ToolCallProgressEvent("call\n1", "search", "executing") { Message = "1\n\n2 \"é\"", Completed = 1, Total = 2 };

        EventFrames.Write(buffer, 42, progress);

        var frame = EventFrames.Parse(buffer.WrittenMemory);
        Assert.Equal((42L, "tool_call_progress"), (frame.Id, Encoding.UTF8.GetString(frame.Name.Span)));
        Assert.Equal(progress, frame.Decode());
        Assert.Equal(buffer.WrittenCount - 2, buffer.WrittenSpan.IndexOf(EventFrames.End));
    }

    [Fact]
    public void Text_is_framed_as_it_is()
    {
        var buffer = new ArrayBufferWriter<byte>();

        EventFrames.WriteText(buffer, 1L << 53, DeltaEvent.WireName, """a\n\"b"""u8);

        Assert.Equal("id: 9007199254740992\nevent: delta\ndata: {\"content\":\"a\\n\\\"b\"}\n\n", Encoding.UTF8.GetString(buffer.WrittenSpan));
        var frame = EventFrames.Parse(buffer.WrittenMemory);
        Assert.True(frame.IsText);
        Assert.Equal("a\n\"b", Assert.IsType<DeltaEvent>(frame.Decode()).Content.ToString());
    }

    [Theory]
    [InlineData("id: 7\nevent: complete\ndata: {}\n\n", true)]
    [InlineData("id: 7\nevent: error\ndata: {}\n\n", true)]
    [InlineData("id: 7\nevent: message_complete\ndata: {}\n\n", false)]
    [InlineData("id: 7\nevent: delta\ndata: {\"content\":\"event: error\"}\n\n", false)]
    [InlineData("{\"turn_id\":\"x\"}\n\n", false)]
    public void Turn_is_ended_by_complete_and_error_alone(string frame, bool ends) =>
        Assert.Equal(ends, EventFrames.EndsTurn(Encoding.UTF8.GetBytes(frame)));

    [Theory]
    [InlineData("")]
    [InlineData("{\"turn_id\":\"x\"}\n\n")]
    [InlineData("id: x\nevent: delta\ndata: {}\n\n")]
    [InlineData("id: 1\ndata: {}\nevent: delta\n\n")]
    public void Bytes_that_are_not_an_event_are_refused(string frame) =>
        Assert.Throws<FormatException>(() => EventFrames.Parse(Encoding.UTF8.GetBytes(frame)));

    [Fact]
    public void Error_has_its_code_as_the_wire_names_it()
    {
        var buffer = new ArrayBufferWriter<byte>();

        EventFrames.Write(buffer, 1, new ErrorEvent("Too slow.", ErrorCode.UpstreamTimeout, Retryable: true));

        Assert.EndsWith("""data: {"error":"Too slow.","code":"UPSTREAM_TIMEOUT","retryable":true}""" + "\n\n", Encoding.UTF8.GetString(buffer.WrittenSpan), StringComparison.Ordinal);
    }
}

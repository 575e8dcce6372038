using System.Text;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;

namespace FuncChat.Tests.Engine.Threads;

public sealed class ThreadTurnContentTests
{
    // An earlier version accepted such events from clients.
    [Fact]
    public void Imported_event_without_a_field_that_the_conversation_does_not_need_is_read()
    {
        var content = ThreadTurnContent.Parse(
            """
            {"messages":[{"role":"user","content":"Hello"}],"events":[{"id":1,"type":"tool_call_start","data":{"id":"a"}},{"id":2,"type":"message_complete","data":{"content":"Hi"}},
            {"id":3,"type":"complete","data":{"status":"success","messages":[{"role":"assistant","content":"Hi"}],"usage":{"input_tokens":1,"output_tokens":1}}}]}
            """u8.ToArray());

        Assert.Equal(ThreadTurnStatus.Complete, content.Transcript!.Status);
        Assert.Equal(3, content.Events!.Count);
    }

    [Theory]
    [InlineData("""[{"role":"user","content":"a\ud800"}]""", """[{"role":"user","content":"a\ufffd"}]""")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"\udc00"}]}]""", """[{"role":"user","content":[{"type":"text","text":"\ufffd"}]}]""")]
    [InlineData("""[{"role":"\ud800","content":"a"}]""", """[{"role":"\ufffd","content":"a"}]""")]
    public void Half_a_surrogate_pair_is_read_as_the_replacement_character(string messages, string expected)
    {
        var content = ThreadTurnContent.Parse(Encoding.UTF8.GetBytes($$"""{"messages":{{messages}}}"""));

        Assert.Equal(expected, $"[{Encoding.UTF8.GetString(Assert.Single(content.Messages).Utf8.Span)}]");
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"~"}]}""")]
    [InlineData("""{"messages":[{"role":"~","content":"a"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"a","name":"~"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"events":[{"id":1,"type":"delta","data":{"content":"~"}}]}""")]
    public void Content_is_damaged_if_a_byte_of_its_text_is_not_utf_8(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json).Select(each => each == (byte)'~' ? (byte)0xff : each).ToArray();

        Assert.Equal(TurnStoreFailure.Damaged, Assert.Throws<TurnStoreException>(() => ThreadTurnContent.Parse(bytes)).Reason);
    }
}

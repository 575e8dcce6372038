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
            """u8);

        Assert.Equal(ThreadTurnStatus.Complete, content.Transcript!.Status);
        Assert.Equal(3, content.Events!.Count);
    }
}

using System.Text.Json;
using FuncChat.Web.UiChat;

namespace FuncChat.Tests.Web.UiChat;

public sealed class UiConversationTests
{
    [Theory]
    [InlineData(",\"reason\":\"too costly\"", "The user denied the call, so it did not run. The reason: too costly")]
    [InlineData("", "The user denied the call, so it did not run.")]
    public void Model_reads_why_an_earlier_call_was_denied(string reason, string result)
    {
        var messages = JsonElement.Parse($$$"""
            [{"id":"a","role":"assistant","parts":[
              {"type":"dynamic-tool","toolName":"send_mail","toolCallId":"c","state":"output-denied","input":{},"approval":{"id":"x","approved":false{{{reason}}}}}]}]
            """);

        using var written = UiConversation.Write(null, messages);

        Assert.Equal(result, written.Messages.RootElement[1].GetProperty("content").GetString());
    }
}

using System.Text;
using System.Text.Json;
using FuncChat.Engine.Telemetry;

namespace FuncChat.Tests.Engine.Telemetry;

public sealed class MessageContentTests
{
    [Theory]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"Look:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}""",
        """[{"role":"user","parts":[{"type":"text","content":"Look:"},{"type":"image_url"}]}]""")]
    [InlineData("""{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}""",
        """[{"role":"assistant","parts":[{"type":"tool_call","id":"a","name":"f","arguments":"{}"}]}]""")]
    [InlineData("""{"role":"tool","tool_call_id":"a","content":"4"}""", """[{"role":"tool","parts":[{"type":"tool_call_response","id":"a","response":"4"}]}]""")]
    [InlineData("""{"role":"user","content":"\ud800"}""", """[{"role":"","parts":[]}]""")]
    [InlineData("""{"role":"user","content":[1,null,{"text":2}]}""", """[{"role":"user","parts":[{"type":null},{"type":null},{"type":null}]}]""")]
    [InlineData("""{"role":"assistant","content":"x","tool_calls":[3]}""", """[{"role":"","parts":[]}]""")]
    [InlineData("nonsense", """[{"role":"","parts":[]}]""")]
    public void Message_is_written_as_the_conventions_say(string message, string expected) => Assert.Equal(expected, MessageContent.Of([Encoding.UTF8.GetBytes(message)]));

    [Fact]
    public void Latest_messages_are_kept_when_there_are_too_many()
    {
        var messages = Enumerable.Range(0, 100).Select(number => Message($"{number}:{new string('x', 1000)}")).ToList();

        var content = MessageContent.Of(messages);

        using var written = JsonDocument.Parse(content);
        var texts = written.RootElement.EnumerateArray().Select(message => message.GetProperty("parts")[0].GetProperty("content").GetString()!).ToList();
        Assert.InRange(content.Length, 50_000, 61_000);
        Assert.StartsWith("99:", texts[^1], StringComparison.Ordinal);
        Assert.Equal(texts.Count, texts.Select(text => text[..2]).Distinct().Count());
        Assert.StartsWith($"{100 - texts.Count}:", texts[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_cut_between_two_characters()
    {
        var text = string.Concat(Enumerable.Repeat("😀", 2001)).Insert(0, "x");

        Assert.Equal(text[..3999] + "…", MessageContent.Cut(text));
        Assert.Equal("short", MessageContent.Cut("short"));
    }

    private static ReadOnlyMemory<byte> Message(string text) => JsonSerializer.SerializeToUtf8Bytes(new { role = "user", content = text });
}

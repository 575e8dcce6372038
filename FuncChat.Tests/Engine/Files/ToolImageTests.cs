using System.Text;
using System.Text.Json;
using FuncChat.Engine.Files;
using FuncChat.Tools;

namespace FuncChat.Tests.Engine.Files;

public sealed class ToolImageTests
{
    private const string A = "file_0123456789abcdef0123456789abcdef";
    private const string B = "file_fedcba9876543210fedcba9876543210";

    [Fact]
    public void Images_follow_the_results_of_their_round_in_a_message_of_their_own()
    {
        var messages = Messages(
            """{"role":"user","content":"Draw."}""",
            """{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"tool","arguments":"{}"}}]}""",
            Result("a", $"One. {ImageReference.To(A)}"),
            Result("b", $"Two. {ImageReference.To(B)} {ImageReference.To(A)}"),
            """{"role":"assistant","content":"Done."}""",
            Result("c", ImageReference.To(B)));

        var shown = ToolImages.Show(messages, withImages: true);

        Assert.Equal(
            ["user", "assistant", "tool", "tool", "user", "assistant", "tool", "user"],
            shown.Select(message => JsonElement.Parse(message.Span).GetProperty("role").GetString()));
        Assert.Equal([A, B], FileReferences.In(JsonElement.Parse(shown[4].Span)));
        Assert.Equal([B], FileReferences.In(JsonElement.Parse(shown[7].Span)));
    }

    [Fact]
    public void Images_and_files_of_the_clients_tools_follow_their_results_too()
    {
        const string Image = """{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}""";
        var messages = Messages(
            $$"""{"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"A map."},{{Image}}]}""",
            $$$"""{"role":"tool","tool_call_id":"b","content":[{"type":"file","file":{"file_id":"{{{A}}}"}}]}""",
            """{"role":"user","content":"Well?"}""");

        var shown = ToolImages.Show(messages, withImages: true);

        Assert.Equal(["tool", "tool", "user", "user"], shown.Select(message => JsonElement.Parse(message.Span).GetProperty("role").GetString()));
        Assert.Equal(
            """{"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"A map."},{"type":"text","text":"[Images and files of this result follow.]"}]}""",
            Encoding.UTF8.GetString(shown[0].Span));
        var attached = JsonElement.Parse(shown[2].Span).GetProperty("content");
        Assert.Equal(3, attached.GetArrayLength());
        Assert.Equal(Image, attached[1].GetRawText());
        Assert.Equal(A, FileReferences.IdOf(attached[2]));
    }

    [Theory]
    [InlineData("[image, kept as file_x]")]
    [InlineData("[image, image/png, about 30 bytes, not shown]")]
    [InlineData("image, kept as " + A)]
    public void Messages_stay_as_they_are_when_no_result_refers_to_an_image(string result)
    {
        var messages = Messages($$"""{"role":"user","content":"{{ImageReference.To(A)}}"}""", Result("a", result));

        Assert.Same(messages, ToolImages.Show(messages, withImages: true));
    }

    private static string Result(string id, string content) => JsonSerializer.Serialize(new { role = "tool", tool_call_id = id, content });

    private static ReadOnlyMemory<byte>[] Messages(params string[] messages) => [.. messages.Select(message => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(message))];
}

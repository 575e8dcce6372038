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

        var shown = ToolImages.Show(messages);

        Assert.Equal(
            ["user", "assistant", "tool", "tool", "user", "assistant", "tool", "user"],
            shown.Select(message => JsonElement.Parse(message.Span).GetProperty("role").GetString()));
        Assert.Equal([A, B], FileReferences.In(JsonElement.Parse(shown[4].Span)));
        Assert.Equal([B], FileReferences.In(JsonElement.Parse(shown[7].Span)));
    }

    [Theory]
    [InlineData("[image, kept as file_x]")]
    [InlineData("[image, image/png, about 30 bytes, not shown]")]
    [InlineData("image, kept as " + A)]
    public void Messages_stay_as_they_are_when_no_result_refers_to_an_image(string result)
    {
        var messages = Messages($$"""{"role":"user","content":"{{ImageReference.To(A)}}"}""", Result("a", result));

        Assert.Same(messages, ToolImages.Show(messages));
    }

    private static string Result(string id, string content) => JsonSerializer.Serialize(new { role = "tool", tool_call_id = id, content });

    private static ReadOnlyMemory<byte>[] Messages(params string[] messages) => [.. messages.Select(message => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(message))];
}

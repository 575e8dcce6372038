using System.Text.Encodings.Web;
using System.Text.Json;
using FuncChat.Engine;

namespace FuncChat.Tests.Engine;

public sealed class JsonTextTests
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("")]
    [InlineData("a \"quote\", a \\ and a line\r\n\t\u0001\b")]
    [InlineData("é <&'+> \u2028 \u007f \u0085 \ufeff \uffff 😀")]
    [InlineData("half \ud83d of a pair")]
    [InlineData("\ude00")]
    public void Text_is_written_as_the_serializer_does(string text) =>
        Assert.Equal(JsonSerializer.SerializeToUtf8Bytes(text, Relaxed), JsonText.Of(text).Utf8.ToArray());
}

using System.Text;
using System.Text.Json;
using FuncChat.Tools.Mcp;

namespace FuncChat.Tests.Mcp;

public sealed class RepairedStreamTests
{
    private const string Text = """{"\ud83d":"\\ud83d \ud83d\ude00 \ude00\ud83d\n\ud83d\ud83d\ude00","\\\ud83d":"é"}""";
    private const string Expected = """{"\ufffd":"\\ud83d \ud83d\ude00 \ufffd\ufffd\n\ufffd\ud83d\ude00","\\\ufffd":"é"}""";

    [Fact]
    public async Task Response_is_the_same_however_it_is_cut()
    {
        for (var size = 1; size <= Text.Length; size++)
            Assert.Equal(Expected, await ReadAsync(Text, size));
        Assert.Equal(2, JsonDocument.Parse(Expected).RootElement.EnumerateObject().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\\")]
    [InlineData("a\\u")]
    [InlineData("a\\ud83")]
    [InlineData("a\\ud83d\\")]
    public async Task Response_that_ends_in_an_escape_is_passed_on(string text) => Assert.Equal(text, await ReadAsync(text, 3));

    [Fact]
    public async Task Response_longer_than_the_buffer_is_repaired()
    {
        var text = string.Concat(Enumerable.Repeat("12345\\ud83d", 10_000)) + ".";

        Assert.Equal(text.Replace("\\ud83d", "\\ufffd", StringComparison.Ordinal), await ReadAsync(text, int.MaxValue));
    }

    [Fact]
    public async Task Objects_that_are_nested_too_deeply_are_emptied_however_the_response_is_cut()
    {
        var (open, close) = (string.Concat(Enumerable.Repeat("{\"a\":[", 28)), string.Concat(Enumerable.Repeat("]}", 28)));
        var text = $"[{{\"[{{\\\"[\":1}}]\n\n{open}\"b\\\"]\",{{}},[{{\"[\":[]}}]{close}\n\n{open}{close}";

        for (var size = 1; size <= 40; size++)
            Assert.Equal($"[{{\"[{{\\\"[\":1}}]\n\n{open}{close}\n\n{open}{close}", await ReadAsync(text, size));
    }

    [Fact]
    public async Task Each_line_of_a_process_is_cut_alone()
    {
        var text = new string('[', 100) + "\n[1]\n";

        Assert.Equal(new string('[', 56) + "\n[1]\n", await ReadAsync(text, int.MaxValue, isOfLines: true));
    }

    private static async Task<string> ReadAsync(string text, int size, bool isOfLines = false)
    {
        using var stream = new RepairedStream(new Pieces(Encoding.UTF8.GetBytes(text), size), isOfLines);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}

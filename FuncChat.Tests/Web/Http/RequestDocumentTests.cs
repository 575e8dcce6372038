using System.Text;
using FuncChat.Web.Http;

namespace FuncChat.Tests.Web.Http;

public sealed class RequestDocumentTests
{
    [Theory]
    [InlineData("\"a\":1,\"a\":2", "$.a")]
    [InlineData("\"a\":[0,{\"b\":{\"c\":1,\"c\":1}}]", "$.a[1].b.c")]
    [InlineData("\"a\":\"\\ud83d\"", "$.a")]
    [InlineData("\"a\":[0,{\"b\":\"\\ude00\"}]", "$.a[1].b")]
    [InlineData("\"a\":{\"\\ud83d\":1}", "$.a")]
    public async Task Memory_to_find_an_error_is_bounded_by_the_body_when_it_is_deep_and_large(string fields, string path)
    {
        const int Depth = 60;
        var opened = string.Concat(Enumerable.Repeat($"{{\"{new string('k', 64)}\":", Depth));
        var elements = string.Join(',', Enumerable.Repeat("\"0123456789\"", 20_000));
        var body = Encoding.UTF8.GetBytes($"{{\"z\":{opened}[{elements}]{new string('}', Depth)},{fields}}}");

        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = await RequestDocument.ReadAsync<string>(body, _ => throw new InvalidOperationException("The body is not valid."));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(path, read.Error?.Path);
        Assert.InRange(allocated, 0, 20L * body.Length);
    }

    [Fact]
    public async Task Memory_to_find_invalid_text_is_bounded_by_the_body_when_it_is_deep()
    {
        const int Depth = 60;
        var body = Encoding.UTF8.GetBytes(
            $"{string.Concat(Enumerable.Repeat("{\"k\":", Depth))}[\"{new string('a', 200_000)}\",\"\\ud83d\"]{new string('}', Depth)}");

        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = await RequestDocument.ReadAsync<string>(body, _ => throw new InvalidOperationException("The body is not valid."));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.EndsWith(".k[1]", read.Error?.Path, StringComparison.Ordinal);
        Assert.InRange(allocated, 0, 20L * body.Length);
    }
}

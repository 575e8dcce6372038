using FuncChat.Tests.Support;

namespace FuncChat.Tests.Hostile;

/// <summary>Requests that two servers may read in two ways. Each must be one refused request, and what it carries never a second one.</summary>
public sealed class SmugglingTests : IAsyncLifetime
{
    private const string Body = """{"messages":[{"role":"user","content":"Hello"}]}""";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new();
    private LocalServer _server = null!;

    public static TheoryData<string, string> Requests => new()
    {
        { "length and chunks", $"{RawHttp.Chat}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{RawHttp.Health}" },
        { "chunks and length", $"{RawHttp.Chat}Transfer-Encoding: chunked\r\nContent-Length: {Body.Length}\r\n\r\n{Body}{RawHttp.Health}" },
        { "two lengths", $"{RawHttp.Chat}Content-Length: {Body.Length}\r\nContent-Length: 5\r\n\r\n{Body}{RawHttp.Health}" },
        { "a list of lengths", $"{RawHttp.Chat}Content-Length: {Body.Length}, 5\r\n\r\n{Body}{RawHttp.Health}" },
        { "a negative length", $"{RawHttp.Chat}Content-Length: -1\r\n\r\n{Body}{RawHttp.Health}" },
        { "a length with a plus sign", $"{RawHttp.Chat}Content-Length: +{Body.Length}\r\n\r\n{Body}{RawHttp.Health}" },
        { "a zero with a plus sign", $"{RawHttp.Chat}Content-Length: +0\r\n\r\n{RawHttp.Health}" },
        { "a zero with a minus sign", $"{RawHttp.Chat}Content-Length: -0\r\n\r\n{RawHttp.Health}" },
        { "a space in a length", $"{RawHttp.Chat}Content-Length: 1 0\r\n\r\n{Body}{RawHttp.Health}" },
        { "a length twice", $"{RawHttp.Chat}Content-Length: {Body.Length}, {Body.Length}\r\n\r\n{Body}{RawHttp.Health}" },
        { "the same length in two headers", $"{RawHttp.Chat}Content-Length: {Body.Length}\r\nContent-Length: {Body.Length}\r\n\r\n{Body}{RawHttp.Health}" },
        { "a fraction", $"{RawHttp.Chat}Content-Length: 5.0\r\n\r\n{Body}{RawHttp.Health}" },
        { "an empty length", $"{RawHttp.Chat}Content-Length:\r\n\r\n{RawHttp.Health}" },
        { "a hexadecimal length", $"{RawHttp.Chat}Content-Length: 0x10\r\n\r\n{Body}{RawHttp.Health}" },
        { "an endless length", $"{RawHttp.Chat}Content-Length: 99999999999999999999\r\n\r\n{Body}{RawHttp.Health}" },
        { "an unknown coding", $"{RawHttp.Chat}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{RawHttp.Health}" },
        { "a coding before the chunks", $"{RawHttp.Chat}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n{RawHttp.Health}" },
        { "chunks twice", $"{RawHttp.Chat}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n{RawHttp.Health}" },
        { "codings in two headers", $"{RawHttp.Chat}Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{RawHttp.Health}" },
        { "chunks that are not last", $"{RawHttp.Chat}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{RawHttp.Health}" },
        { "chunks in HTTP/1.0", $"{RawHttp.Chat.Replace("1.1", "1.0", StringComparison.Ordinal)}Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n{RawHttp.Health}" },
        { "a space before the colon", $"{RawHttp.Chat}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{RawHttp.Health}" },
        { "a chunk's size that is none", $"{RawHttp.Chat}Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n{RawHttp.Health}" },
        { "a chunk's size that overflows", $"{RawHttp.Chat}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF1\r\na\r\n0\r\n\r\n{RawHttp.Health}" },
        { "a chunk longer than its size", $"{RawHttp.Chat}Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n{RawHttp.Health}" },
        { "a chunk's line that ends in LF", $"{RawHttp.Chat}Transfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n{RawHttp.Health}" },
        { "a folded header", $"{RawHttp.Chat}X-Folded: a\r\n Content-Length: 5\r\n\r\n{RawHttp.Health}" },
        { "a null in a path", $"GET /api/chat/abcdefgh%00 HTTP/1.1\r\nHost: localhost\r\n\r\n{RawHttp.Health}" },
        { "a CR in a header", $"{RawHttp.Chat}X-A: b\rContent-Length: 5\r\n\r\n{RawHttp.Health}" },
        { "a null in a header", $"{RawHttp.Chat}X-A: b\0c\r\nContent-Length: 0\r\n\r\n{RawHttp.Health}" },
        { "no host", "GET /api/health HTTP/1.1\r\n\r\n" + RawHttp.Health },
        { "two hosts", "GET /api/health HTTP/1.1\r\nHost: localhost\r\nHost: y\r\n\r\n" + RawHttp.Health },
        { "a second request in the line", $"GET /api/health HTTP/1.1\rGET /api/models HTTP/1.1\r\nHost: localhost\r\n\r\n{RawHttp.Health}" },
    };

    public async Task InitializeAsync() => _server = await LocalServer.StartAsync(_folder.Path, _model.Catalog);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Request_that_can_be_read_in_one_way_is_answered()
    {
        var answer = await RawHttp.SendAsync(
            _server.Http.BaseAddress!, $"{RawHttp.Chat}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n{RawHttp.Health}");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Length_may_have_leading_zeros()
    {
        var answer = await RawHttp.SendAsync(_server.Http.BaseAddress!, $"{RawHttp.Chat}Content-Length: 0002\r\n\r\n{{}}{RawHttp.Health}");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_that_can_be_read_in_two_ways_is_refused_and_its_connection_closed(string shape, string request)
    {
        var answer = await RawHttp.SendAsync(_server.Http.BaseAddress!, request);

        Assert.True(answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 501", StringComparison.Ordinal), $"{shape}: {answer}");
        Assert.True(RawHttp.AnswersIn(answer) == 1, $"{shape}: {answer}");
        Assert.Empty(_model.Requests);
    }
}

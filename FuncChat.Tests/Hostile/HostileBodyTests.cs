using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Hostile;

public sealed class HostileBodyTests : IAsyncLifetime
{
    private const string User = """{"role":"user","content":"x"}""";

    // The last two know no messages, which makes each of these invalid for them too.
    private static readonly string[] Routes = ["api/chat", "api/proxy", "api/search", "api/planning"];

    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new();
    private LocalServer _server = null!;

    public static TheoryData<string, byte[]> Bodies => new()
    {
        { "nothing", [] },
        { "no JSON", "messages=hello"u8.ToArray() },
        { "half of it", """{"messages":[{"role":"user","content":"x"""u8.ToArray() },
        { "two documents", Text($$$"""{"messages":[{{{User}}}]}{"messages":[{{{User}}}]}""") },
        { "a comment", Text($$"""{"messages":[{{User}}]/* */}""") },
        { "a byte order mark of UTF-16", [0xFF, 0xFE, (byte)'{', 0, (byte)'}', 0] },
        { "invalid UTF-8", [.. """{"messages":[{"role":"user","content":" """u8, 0xC3, 0x28, 0xFF, .. "\"}]}"u8] },
        { "an overlong slash", [.. """{"messages":[{"role":"user","content":" """u8, 0xC0, 0xAF, .. "\"}]}"u8] },
        { "a surrogate in UTF-8", [.. """{"messages":[{"role":"user","content":" """u8, 0xED, 0xA0, 0x80, .. "\"}]}"u8] },
        { "half a surrogate pair", Text("""{"messages":[{"role":"user","content":"\ud83d"}]}""") },
        { "half a surrogate pair as a name of a field", Text("""{"\ud83d":1}""") },
        { "half a surrogate pair as a model", Text($$"""{"messages":[{{User}}],"model":"\ud83d"}""") },
        { "half a surrogate pair as a turn", Text($$"""{"messages":[{{User}}],"turn_id":"\ud83d\ud83d"}""") },
        { "a null character as it is", [.. """{"messages":[{"role":"user","content":"a"""u8, 0, .. "b\"}]}"u8] },
        { "a line break in a string", Text("{\"messages\":[{\"role\":\"user\",\"content\":\"a\nb\"}]}") },
        { "deep arrays", Text(new string('[', 100_000)) },
        { "deep objects", Text(string.Concat(Enumerable.Repeat("""{"messages":""", 10_000))) },
        { "a deep message", Text($$$"""{"messages":[{"role":"user","content":[{"type":"file","file":{{{new string('[', 200)}}}{{{new string(']', 200)}}}}]}]}""") },
        { "10,000 messages", Text($$"""{"messages":[{{string.Join(',', Enumerable.Repeat(User, 10_000))}}]}""") },
        { "a field twice", Text($$"""{"messages":[],"messages":[{{User}}]}""") },
        { "a field of a message twice", Text("""{"messages":[{"role":"system","role":"user","content":"x"}]}""") },
        { "a field twice, once escaped", Text($$"""{"messages":[{{User}}],"m\u0065ssages":[]}""") },
        { "an unknown field", Text($$"""{"messages":[{{User}}],"base_url":"http://169.254.169.254/"}""") },
        { "a prototype", Text($$$"""{"messages":[{{{User}}}],"__proto__":{"admin":true}}""") },
        { "a number for a message", Text("""{"messages":[1]}""") },
        { "an object for the messages", Text("""{"messages":{"0":1}}""") },
        { "a number for a role", Text("""{"messages":[{"role":1,"content":"x"}]}""") },
        { "a role that there is not", Text("""{"messages":[{"role":"root","content":"x"}]}""") },
        { "an object for a content", Text("""{"messages":[{"role":"user","content":{}}]}""") },
        { "a number for a model", Text($$"""{"messages":[{{User}}],"model":1}""") },
        { "a temperature beyond all numbers", Text($$"""{"messages":[{{User}}],"temperature":1e999}""") },
        { "a max_tokens beyond all integers", Text($$"""{"messages":[{{User}}],"max_tokens":99999999999999999999}""") },
        { "a tool that there is not", Text($$"""{"messages":[{{User}}],"tools":["rm -rf /"]}""") },
        { "a tool's definition of its own", Text($$$"""{"messages":[{{{User}}}],"tools":[{"type":"function","function":{"name":"steal","parameters":{} }}]}""") },
        { "an image on this machine", Text("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"file:///etc/passwd"}}]}]}""") },
        { "a tool message without its call", Text("""{"messages":[{"role":"user","content":"x"},{"role":"tool","tool_call_id":"a","content":"x"}]}""") },
    };

    public async Task InitializeAsync() => _server = await LocalServer.StartAsync(
        _folder.Path, _model.Catalog, null, ("FuncChat:Requests:MaxBodyBytes", "1000000"));

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Invalid_body_is_a_problem_that_names_the_path_and_starts_nothing(string attack, byte[] body)
    {
        foreach (var route in Routes)
        {
            using var response = await PostAsync(route, body);

            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{attack}: {text}");
            var problem = JsonSerializer.Deserialize<JsonElement>(text);
            Assert.Equal("INVALID_REQUEST", problem.GetProperty("code").GetString());
            Assert.StartsWith("$", problem.GetProperty("path").GetString(), StringComparison.Ordinal);
            Assert.NotEmpty(problem.GetProperty("trace_id").GetString()!);
            Assert.True(text.Length < 2000, "What was sent is not sent back whole.");
        }

        Assert.Empty(_model.Requests);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "turns")));
    }

    [Fact]
    public async Task Body_that_says_that_it_is_too_big_is_refused_before_it_is_sent()
    {
        // The server waits for seconds before it closes the connections.
        var answers = await Task.WhenAll(Routes.Select(route => RawHttp.SendAsync(
            _server.Http.BaseAddress!, $"{HeadOf(route)}Content-Length: 1000001\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")));

        Assert.All(answers, answer => Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Body_that_grows_too_big_is_refused_without_being_read_to_its_end()
    {
        var chunk = $"10000\r\n{new string(' ', 0x10000)}\r\n";
        var answers = await Task.WhenAll(Routes.Select(route => RawHttp.SendAsync(
            _server.Http.BaseAddress!, $"{HeadOf(route)}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n{string.Concat(Enumerable.Repeat(chunk, 17))}")));

        Assert.All(answers, answer => Assert.Contains("HTTP/1.1 413 ", answer, StringComparison.Ordinal));
    }

    // Many clients read only then, or report a connection that is closed before.
    [Theory]
    [InlineData("/api/chat", "application/json", "Content-Length: 9000000\r\n\r\n", 413)]
    [InlineData("/api/chat", "application/json", "Transfer-Encoding: chunked\r\n\r\n", 413)]
    [InlineData("/api/chat", "text/plain", "Content-Length: 9000000\r\n\r\n", 415)]
    [InlineData("/api/chat", "application/json", "Content-Length: 900000000\r\n\r\n", 413)]
    [InlineData("/api/chat", "text/plain", "Content-Length: 900000000\r\n\r\n", 415)]
    [InlineData("/api/v1/chat/completions", "application/json", "Content-Length: 900000000\r\n\r\n", 413)]
    [InlineData("/api/nothing", "application/json", "Content-Length: 900000000\r\n\r\n", 404)]
    [InlineData("/api/health", "application/json", "Content-Length: 900000000\r\n\r\n", 405)]
    [InlineData("/api/mcp", "application/json", "Content-Length: 9000000\r\n\r\n", 413)]
    [InlineData("/api/files", "image/png", "Content-Length: 900000000\r\n\r\n", 413)]
    public async Task Client_that_sends_megabytes_of_a_refused_body_before_it_reads_receives_the_response(string route, string type, string head, int status)
    {
        const int Size = 9_000_000;
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(_server.Http.BaseAddress!.Host, _server.Http.BaseAddress.Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"POST {route} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\n{head}"));
        var (before, after) = head.StartsWith('T') ? ($"{Size:x}\r\n", "\r\n0\r\n\r\n") : ("", "");
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"{before}{new string(' ', Size)}{after}"));

        using var reader = new StreamReader(stream);
        Assert.StartsWith($"HTTP/1.1 {status} ", await reader.ReadLineAsync(), StringComparison.Ordinal);
        if (status == 413 || head.Contains("900000000", StringComparison.Ordinal))
            Assert.Contains("Connection: close", await HeadAsync(reader));
    }

    // The rest of the body is more than the buffers of the connection hold, and less than Kestrel accepts by default.
    [Theory]
    [InlineData("Content-Length: 28000000\r\n\r\n", "")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n", "10000\r\n")]
    public async Task Connection_of_a_body_far_above_the_limit_is_closed_and_the_body_not_received(string head, string size)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(_server.Http.BaseAddress!.Host, _server.Http.BaseAddress.Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(HeadOf(Routes[0]) + head));
        var piece = Encoding.Latin1.GetBytes($"{size}{new string(' ', 0x10000)}{(size.Length > 0 ? "\r\n" : "")}");

        await Assert.ThrowsAsync<IOException>(async () =>
        {
            for (var sent = 0; sent + 0x10000 < 28_000_000; sent += 0x10000)
                await stream.WriteAsync(piece);
        });
    }

    [Fact]
    public async Task Body_that_the_settings_allow_is_accepted_though_it_is_larger_than_kestrels_own_limit()
    {
        _model.Says("Hi.");
        using var folder = new TemporaryFolder();
        await using var server = await LocalServer.StartAsync(folder.Path, _model.Catalog, null, ("FuncChat:Requests:MaxBodyBytes", "40000000"));
        var body = Text($$"""{"messages":[{{User}}]{{new string(' ', 31_000_000)}}}""");

        using var response = await server.Http.PostAsync(
            "api/chat", new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/reports+json")]
    [InlineData("application/problem+json")]
    [InlineData("application/jsonp")]
    [InlineData("text/json")]
    public async Task Body_of_a_type_that_a_foreign_page_may_send_unasked_is_refused(string type)
    {
        foreach (var route in Routes)
        {
            using var content = new ByteArrayContent(Text(route is "api/chat" or "api/proxy" ? $$"""{"messages":[{{User}}]}""" : """{"query":"x"}"""));
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            using var response = await _server.Http.PostAsync(route, content);

            Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        }

        Assert.Empty(_model.Requests);
    }

    [Theory]
    [InlineData("""a\u0000b\u0007""")]
    [InlineData("""\u2028\u2029\ufeff\ufffe""")]
    [InlineData("""\r\n\r\nevent: complete\ndata: {}\n\n""")]
    [InlineData("""<script>alert(1)</script>""")]
    public async Task Message_of_odd_characters_reaches_the_model_as_it_was_sent(string content)
    {
        _model.Says("Hi.");
        await using var stream = await TurnStream.PostAsync(_server.Http, $$"""{"messages":[{"role":"user","content":"{{content}}"}]}""");

        Assert.Equal("complete", (await stream.ToEndAsync())[^1].Name);
        Assert.Equal(
            $$"""{"role":"user","content":"{{content}}"}""", Encoding.UTF8.GetString(_model.Requests.Single().Messages.Single().Span));
    }

    private static async Task<IReadOnlyList<string>> HeadAsync(StreamReader reader)
    {
        var lines = new List<string>();
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
            lines.Add(line);
        return lines;
    }

    private static string HeadOf(string route) => RawHttp.Chat.Replace("api/chat", route, StringComparison.Ordinal);

    private Task<HttpResponseMessage> PostAsync(string route, byte[] body) => _server.Http.PostAsync(
        route, new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } });

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}

using FuncChat.Tools;
using FuncChat.Tools.Fetch;

namespace FuncChat.Tests.Tools.Fetch;

public class WebUrlTests
{
    [Theory]
    [InlineData("https://example.com/a?b=c")]
    [InlineData("http://example.com:8080")]
    [InlineData("  HTTP://example.com/  ")]
    [InlineData("https://bücher.example/ä")]
    [InlineData("example.com")]
    [InlineData("localhost:8080/a")]
    [InlineData("<https://example.com/>")]
    [InlineData("bücher.example?q=1")]
    public void Address_is_taken_when_it_is_http_or_https(string text) => Assert.True(WebUrl.IsHttp(WebUrl.Parse(text)));

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.com/")]
    [InlineData("gopher://example.com/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,hi")]
    [InlineData("http://")]
    [InlineData("http://user@example.com/")]
    [InlineData("http://user:secret@example.com/")]
    [InlineData("http://example.com\0.evil/")]
    [InlineData("\uD800")]
    public void Address_is_refused_when_it_is_anything_else(string text)
    {
        var exception = Assert.Throws<ToolException>(() => WebUrl.Parse(text));

        Assert.DoesNotContain("secret", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Address_is_refused_when_it_is_endless() =>
        Assert.Throws<ToolException>(() => WebUrl.Parse("http://example.com/" + new string('a', 5000)));

    [Theory]
    [InlineData("localhost:8888", "localhost", 8888)]
    [InlineData("LOCALHOST:80", "localhost", 80)]
    [InlineData("127.0.0.1:1", "127.0.0.1", 1)]
    [InlineData("[::1]:8080", "::1", 8080)]
    public void Host_and_port_are_read_when_both_are_there(string text, string host, int port)
    {
        Assert.True(HostAndPort.TryParse(text, out var result));
        Assert.Equal(new HostAndPort(host, port), result);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("xn--ä:80")]
    [InlineData("localhost:")]
    [InlineData(":80")]
    [InlineData("localhost:99999")]
    [InlineData("localhost:-1")]
    [InlineData("http://localhost:80")]
    [InlineData("localhost/path:80")]
    [InlineData("user@localhost:80")]
    [InlineData("*:80")]
    public void Host_and_port_are_refused_when_they_are_anything_else(string text) => Assert.False(HostAndPort.TryParse(text, out _));
}

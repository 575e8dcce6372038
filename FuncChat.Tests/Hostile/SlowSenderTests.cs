using FuncChat.Tests.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Hostile;

/// <summary>
/// Clients that begin a request and send nothing more. Kestrel measures its limits with a clock that tests can't control, so they are set to the shortest
/// that it accepts; <see cref="LocalServerLimitTests"/> asserts those of FuncChat.Local. The tests wait until the server closes the connection.
/// </summary>
public sealed class SlowSenderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("GET /api/hea")]
    [InlineData("GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-Slow: a")]
    public async Task Connection_is_closed_when_the_head_of_a_request_does_not_come(string half)
    {
        await using var server = await StartAsync(limits => limits.RequestHeadersTimeout = TimeSpan.FromMilliseconds(1));

        var answer = await RawHttp.SendAsync(server.Http.BaseAddress!, half);

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 1000\r\n\r\n{")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")]
    public async Task Connection_is_closed_with_a_problem_when_a_body_does_not_come(string half)
    {
        await using var server = await StartAsync(limits => limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromMilliseconds(1001)));

        var answer = await RawHttp.SendAsync(server.Http.BaseAddress!, RawHttp.Chat + half);

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"INVALID_REQUEST\"", answer, StringComparison.Ordinal);
        Assert.Empty(_model.Requests);
    }

    private Task<LocalServer> StartAsync(Action<KestrelServerLimits> limit) => LocalServer.StartWithAsync(
        _folder.Path, builder => builder.Services.Configure<KestrelServerOptions>(kestrel => limit(kestrel.Limits)), _model.Catalog);
}

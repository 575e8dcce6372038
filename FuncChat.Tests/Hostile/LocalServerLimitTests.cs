using FuncChat.Local;
using FuncChat.Tests.Support;
using FuncChat.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Hostile;

/// <summary>What FuncChat.Local itself sets. Its limits in time are Kestrel's to keep, on a clock that no test moves: what is asserted is that they are set.</summary>
public sealed class LocalServerLimitTests : IAsyncLifetime
{
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.ConfigureServer();
        builder.Services.AddFuncChat(builder.Configuration);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(http => http.Response.WriteAsync("Hello"));
        await _app.StartAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public void Sender_that_is_slow_to_hold_a_connection_is_disconnected()
    {
        var limits = _app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        Assert.Equal(240, limits.MinRequestBodyDataRate?.BytesPerSecond);
        Assert.Equal(TimeSpan.FromSeconds(5), limits.MinRequestBodyDataRate?.GracePeriod);
        Assert.Equal(TimeSpan.FromSeconds(15), limits.RequestHeadersTimeout);
    }

    [Theory]
    [InlineData("Limit   Soft Limit   Hard Limit   Units\nMax open files            1024                 524288               files     \n", 128L)]
    [InlineData("Max open files            20000                20000                files     \n", 4872L)]
    [InlineData("Max open files            100                  100                  files     \n", 64L)]
    [InlineData("Max open files            unlimited            unlimited            files     \n", null)]
    [InlineData("", null)]
    public void Connections_are_bounded_by_what_the_process_may_open(string limits, long? connections) =>
        Assert.Equal(connections, DescriptorLimit.MaxConnections(limits));

    [Theory]
    [InlineData(300, false)]
    [InlineData(767, false)]
    [InlineData(768, true)]
    [InlineData(1024, true)]
    public void Server_does_not_start_where_it_may_open_too_few_files(int limit, bool starts)
    {
        var error = DescriptorLimit.FindError($"Max open files            {limit}                  {limit}                  files     \n");

        Assert.Equal(starts, error is null);
        Assert.Equal(!starts, error?.Contains($"open {limit} files", StringComparison.Ordinal) ?? false);
    }

    [LinuxFact]
    public void Server_accepts_as_many_connections_as_it_can_hold() => Assert.Equal(
        DescriptorLimit.MaxConnections(), _app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MaxConcurrentConnections);

    [Theory]
    [InlineData("GET / HTTP/1.1\nHost: localhost\n\n")]
    [InlineData("GET / HTTP/1.1\r\nX-A: b\nHost: localhost\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\n\r\n")]
    public async Task Line_that_ends_in_a_line_feed_alone_is_refused(string request)
    {
        var answer = await RawHttp.SendAsync(new Uri(_app.Urls.Single()), $"{request}GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Equal(1, RawHttp.AnswersIn(answer));
    }

    [Fact]
    public async Task Server_does_not_say_what_it_is()
    {
        var answer = await RawHttp.SendAsync(new Uri(_app.Urls.Single()), "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Server:", answer, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Kestrel", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/", "application/problem+json", "\"code\":\"INVALID_REQUEST\"")]
    [InlineData("/api/v1/models", "application/json", "{\"error\":{\"message\":\"This server does not answer")]
    public async Task Name_of_a_strangers_that_leads_here_is_refused(string path, string type, string body)
    {
        var answer = await RawHttp.SendAsync(new Uri(_app.Urls.Single()), $"GET {path} HTTP/1.1\r\nHost: rebound.test\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains($"Content-Type: {type}\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("X-Content-Type-Options: nosniff\r\n", answer, StringComparison.Ordinal);
        Assert.Contains(body, answer, StringComparison.Ordinal);
        Assert.Contains("AllowedHosts", answer, StringComparison.Ordinal);
    }
}

using System.IO.Compression;
using FuncChat.Tests.Tools.Fetch;
using FuncChat.Tools;
using FuncChat.Tools.Fetch;
using FuncChat.Tools.Scrape;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Tests.Tools.Scrape;

public class PageReaderLimitTests
{
    [Fact]
    public async Task Page_is_read_when_it_is_just_as_large_as_allowed()
    {
        await using var web = await TestWeb.StartAsync();
        var body = new byte[LimitedBody.MaxBytes];
        Array.Fill(body, (byte)'x');

        var page = await web.ReadBodyAsync(body, "text/plain");

        Assert.Equal(LimitedBody.MaxBytes, page.Content.Length);
        Assert.Null(page.Note);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Page_is_read_in_part_when_it_is_a_bomb(string encoding)
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/", context =>
        {
            context.Response.ContentType = "text/plain";
            context.Response.Headers.ContentEncoding = encoding;
            return context.Response.Body.WriteAsync(Bomb(encoding)).AsTask();
        });

        await AssertCutAsync(() => web.ReadAsync("/"));
    }

    [Fact]
    public async Task Page_is_read_in_part_when_it_never_ends()
    {
        await using var web = await TestWeb.StartAsync();
        var gone = new TaskCompletionSource();
        web.Server.On("/", async context =>
        {
            context.Response.ContentType = "text/csv";
            context.RequestAborted.Register(gone.SetResult);
            var piece = new byte[64 * 1024];
            Array.Fill(piece, (byte)'x');
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(piece);
        });

        await AssertCutAsync(() => web.ReadAsync("/"));

        await gone.Task;
    }

    [Theory]
    [InlineData("gzip", "this is no gzip")]
    [InlineData("br", "this is no brotli")]
    public async Task Page_is_refused_when_its_body_is_broken(string encoding, string body)
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/", context =>
        {
            context.Response.ContentType = "text/plain";
            context.Response.Headers.ContentEncoding = encoding;
            return context.Response.WriteAsync(body);
        });

        var exception = await Assert.ThrowsAsync<ToolException>(() => web.ReadAsync("/"));

        Assert.Contains("was cut off", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_is_refused_when_its_body_breaks_off()
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/", async context =>
        {
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync("half of");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });

        await Assert.ThrowsAsync<ToolException>(() => web.ReadAsync("/"));
    }

    [Fact]
    public async Task Time_runs_out_when_the_headers_do_not_come()
    {
        await using var web = await TestWeb.StartAsync();
        var asked = new TaskCompletionSource();
        web.Server.On("/", context =>
        {
            asked.SetResult();
            return WaitUntilGoneAsync(context);
        });

        var reading = web.ReadAsync("/");
        await asked.Task;
        web.Clock.Advance(TimeSpan.FromSeconds(15));
        var exception = await Assert.ThrowsAsync<ToolException>(() => reading);

        Assert.Equal("The page did not arrive within 15 seconds.", exception.Message);
    }

    [Fact]
    public async Task Time_runs_out_when_the_body_comes_too_slowly()
    {
        await using var web = await TestWeb.StartAsync();
        var sent = new TaskCompletionSource();
        web.Server.On("/", async context =>
        {
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync("x");
            await context.Response.Body.FlushAsync();
            sent.SetResult();
            await WaitUntilGoneAsync(context);
        });

        var reading = web.ReadAsync("/");
        await sent.Task;
        web.Clock.Advance(TimeSpan.FromSeconds(14.9));
        Assert.False(reading.IsCompleted);
        web.Clock.Advance(TimeSpan.FromSeconds(0.1));

        await Assert.ThrowsAsync<ToolException>(() => reading);
    }

    [Fact]
    public async Task Reading_is_cancelled_when_the_caller_leaves()
    {
        await using var web = await TestWeb.StartAsync();
        using var caller = new CancellationTokenSource();
        web.Server.On("/", async context =>
        {
            await caller.CancelAsync();
            await WaitUntilGoneAsync(context);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => web.ReadAsync("/", caller.Token));
    }

    private static async Task AssertCutAsync(Func<Task<PageContent>> read)
    {
        var page = await read();

        Assert.InRange(page.Content.Length, 0, LimitedBody.MaxBytes);
        Assert.StartsWith("The page is larger than 5 MB; only its first 5 MB were read.", page.Note, StringComparison.Ordinal);
    }

    private static async Task WaitUntilGoneAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    private static byte[] Bomb(string encoding)
    {
        using var body = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(body, CompressionLevel.Fastest),
            "br" => new BrotliStream(body, CompressionLevel.Fastest),
            _ => new ZLibStream(body, CompressionLevel.Fastest),
        })
        {
            var piece = new byte[1024 * 1024];
            Array.Fill(piece, (byte)'x');
            for (var i = 0; i < 50; i++)
                stream.Write(piece);
        }

        return body.ToArray();
    }
}

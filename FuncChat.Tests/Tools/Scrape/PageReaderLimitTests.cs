using System.IO.Compression;
using System.Text;
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
    [InlineData("deflate without header")]
    [InlineData("gzip, gzip")]
    public async Task Page_is_refused_when_it_is_a_bomb(string encoding)
    {
        await using var web = await TestWeb.StartAsync();
        Serve(web, encoding, Repeated("x"));

        var exception = await Assert.ThrowsAsync<ToolException>(() => web.ReadAsync("/"));

        Assert.Equal("The answer is compressed more than 50 times and is too large to read.", exception.Message);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Page_is_read_in_part_when_it_is_large_and_compressed_as_text_is(string encoding)
    {
        await using var web = await TestWeb.StartAsync();
        var numbers = new Random(1);
        Serve(web, encoding, Enumerable.Range(0, 400_000).Select(line => $"2026-01-01 00:00:00 INFO request {line} took {numbers.Next(100)} ms\n"));

        await AssertCutAsync(() => web.ReadAsync("/"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("X-GZIP")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("deflate without header")]
    [InlineData("deflate, gzip")]
    [InlineData("identity")]
    [InlineData("utf-8")]
    public async Task Page_is_decoded_whatever_its_coding_is(string encoding)
    {
        await using var web = await TestWeb.StartAsync();
        Serve(web, encoding, ["some ", "text"]);

        Assert.Equal("some text", (await web.ReadAsync("/")).Content);
    }

    [Fact]
    public async Task Page_is_refused_when_it_is_coded_again_and_again()
    {
        await using var web = await TestWeb.StartAsync();
        Serve(web, "gzip, gzip, gzip", ["text"]);

        await Assert.ThrowsAsync<ToolException>(() => web.ReadAsync("/"));
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

    private static void Serve(TestWeb web, string encoding, IEnumerable<string> text)
    {
        var body = encoding.Split(", ").Aggregate(Encoding.UTF8.GetBytes(string.Concat(text)), Encode);
        web.Server.On("/", context =>
        {
            context.Response.ContentType = "text/plain";
            context.Response.Headers.ContentEncoding = encoding.Split(" without")[0];
            return context.Response.Body.WriteAsync(body).AsTask();
        });
    }

    private static IEnumerable<string> Repeated(string letter) => Enumerable.Repeat(string.Concat(Enumerable.Repeat(letter, 1024 * 1024)), 50);

    private static byte[] Encode(byte[] body, string coding)
    {
        var coded = new MemoryStream();
        using (Stream stream = coding.ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => new GZipStream(coded, CompressionLevel.Fastest),
            "br" => new BrotliStream(coded, CompressionLevel.Fastest),
            "deflate" => new ZLibStream(coded, CompressionLevel.Fastest),
            "deflate without header" => new DeflateStream(coded, CompressionLevel.Fastest),
            _ => coded,
        })
        {
            stream.Write(body);
        }

        return coded.ToArray();
    }
}

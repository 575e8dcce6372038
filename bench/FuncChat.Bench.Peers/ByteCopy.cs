using System.Net.Http.Headers;

namespace FuncChat.Bench.Peers;

/// <summary>The least that a relay on Kestrel can do: it sends the upstream's bytes as they arrive, and flushes after each read.</summary>
internal static class ByteCopy
{
    public static void MapByteCopy(this WebApplication app, Uri upstream)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
        app.MapPost("/v1/chat/completions", async context =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(upstream, "/v1/chat/completions"))
            {
                Content = new StreamContent(context.Request.Body)
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("application/json"), ContentLength = context.Request.ContentLength },
                },
            };
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
            context.Response.ContentType = "text/event-stream";
            await using var body = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
            var writer = context.Response.BodyWriter;
            while (await body.ReadAsync(writer.GetMemory(), context.RequestAborted) is var count and > 0)
            {
                writer.Advance(count);
                await writer.FlushAsync(context.RequestAborted);
            }
        });
    }
}

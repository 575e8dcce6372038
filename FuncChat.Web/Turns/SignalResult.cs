using System.Text.Json;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Turns;

/// <summary>
/// The receipt of a signal, sent at once. If the request continued the turn, the response then stays open until the turn no longer runs in this process, since a
/// host may remove an instance that serves no requests; line feeds, which JSON allows, keep the connection open.
/// </summary>
internal sealed class SignalResult(SignalReceipt receipt, Task completion, TimeSpan heartbeat, TimeProvider time) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        try
        {
            await WriteAsync(httpContext);
        }
        catch (Exception e) when (httpContext.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The client has left.
        }

        await completion;
    }

    private async Task WriteAsync(HttpContext http)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(receipt, WebJson.Relaxed.SignalReceipt);
        http.Response.ContentType = "application/json";
        if (completion.IsCompleted)
            http.Response.ContentLength = json.Length;
        await http.Response.Body.WriteAsync(json, http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        while (await Task.WhenAny(completion, Task.Delay(heartbeat, time, http.RequestAborted)) != completion)
        {
            http.RequestAborted.ThrowIfCancellationRequested();
            await http.Response.Body.WriteAsync("\n"u8.ToArray(), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }
}

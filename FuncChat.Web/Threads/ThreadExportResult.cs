using System.Text.Json;
using FuncChat.Engine.Threads;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Threads;

/// <summary>A thread with all its turns, written turn by turn: it may be larger than what should be in memory.</summary>
internal sealed class ThreadExportResult(ThreadService threads, ThreadDocument thread) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var aborted = httpContext.RequestAborted;
        var head = JsonSerializer.Serialize(ThreadReport.Of(thread), WebJson.Relaxed.ThreadReport);
        httpContext.Response.ContentType = "application/json";
        await httpContext.Response.WriteAsync($"{{\"format\":\"{ThreadExport.FormatName}\",\"thread\":{head},\"turns\":[", aborted);
        var separator = "";
        foreach (var some in TurnBatches.Of(thread.Turns))
        {
            var contents = await threads.ReadTurnsAsync(thread.Key, some, aborted);
            if (!contents.Succeeded)
            {
                // Half a file must not look like a whole one.
                httpContext.Abort();
                return;
            }

            if (contents.Value.Contains(null) && !await threads.HasAllAsync(thread.Key, some, aborted))
            {
                // A turn was deleted meanwhile.
                httpContext.Abort();
                return;
            }

            foreach (var (turn, content) in some.Zip(contents.Value))
            {
                var json = JsonSerializer.Serialize(ThreadTurnReport.Of(turn, content, withEvents: true), WebJson.Relaxed.ThreadTurnReport);
                await httpContext.Response.WriteAsync(separator + json, aborted);
                separator = ",";
            }
        }

        await httpContext.Response.WriteAsync("]}", aborted);
    }
}

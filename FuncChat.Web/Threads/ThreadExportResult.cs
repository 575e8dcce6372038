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
        foreach (var batch in TurnBatch.Split(thread.Turns))
        {
            // Half a file, or one without a turn that was deleted meanwhile, must not look like a whole one.
            var contents = await threads.ReadTurnsAsync(thread.Key, batch.Turns, aborted);
            if (!contents.Succeeded || (contents.Value.Contains(null) && !await threads.HasAllAsync(thread.Key, batch.Turns, aborted)))
            {
                httpContext.Abort();
                return;
            }

            foreach (var (turn, content) in batch.Turns.Zip(contents.Value))
            {
                var json = JsonSerializer.Serialize(ThreadTurnReport.Of(turn, content, withEvents: true), WebJson.Relaxed.ThreadTurnReport);
                await httpContext.Response.WriteAsync(separator + json, aborted);
                separator = ",";
            }
        }

        await httpContext.Response.WriteAsync("]}", aborted);
    }
}

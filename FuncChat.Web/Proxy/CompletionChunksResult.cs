using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Turns;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Proxy;

/// <summary>
/// A turn as OpenAI's `chat.completion.chunk`s, ended by `[DONE]`, for clients that know nothing else. Of the turn's events it shows the
/// text, the end and an error; text that a crash made void can't be taken back in this format, so it is an error here.
/// </summary>
internal sealed class CompletionChunksResult(FollowedTurn turn, TurnFollower follower, DateTimeOffset created) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        EventStream.SetHeaders(response, turn.TurnId);
        try
        {
            await using (follower)
            {
                await response.Body.FlushAsync(httpContext.RequestAborted);
                await SseFormatter.WriteAsync(ChunksAsync(httpContext.RequestAborted), response.Body, httpContext.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            // The client has left.
        }

        await turn.Completion;
    }

    private async IAsyncEnumerable<SseItem<string>> ChunksAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var outcome = new TurnOutcome();
        yield return Item(outcome, new ChunkDelta { Role = "assistant", Content = new RawJson("\"\""u8.ToArray()) });
        await using var stream = new FollowerStream(follower);
        await foreach (var item in stream.EventsAsync(cancellationToken))
        {
            outcome.Add(item);
            if (item.EventType == "delta")
                yield return Item(outcome, new ChunkDelta { Content = RawJson.Of(item.Data.GetProperty("content")) });
            if (item.EventType == "message_reset")
                break;
        }

        if (outcome.Complete is { } complete)
        {
            yield return Item(outcome, new ChunkDelta(), outcome.FinishReason, CompletionUsage.Of(complete.GetProperty("usage")));
            yield return new SseItem<string>("[DONE]");
            yield break;
        }

        var error = outcome.ErrorOrBrokenOff;
        yield return new SseItem<string>(JsonSerializer.Serialize(
            new ChunkError(new ChunkErrorBody(error.Message, "server_error", JsonSerializer.SerializeToElement(error.Code).GetString()!)),
            WebJson.Relaxed.ChunkError));
    }

    private SseItem<string> Item(TurnOutcome outcome, ChunkDelta delta, string? finishReason = null, CompletionUsage? usage = null)
    {
        var chunk = new CompletionChunk(
            turn.TurnId, "chat.completion.chunk", created.ToUnixTimeSeconds(), outcome.Model, [new ChunkChoice(0, delta, finishReason)])
        {
            Usage = usage,
        };
        return new SseItem<string>(JsonSerializer.Serialize(chunk, WebJson.Relaxed.CompletionChunk));
    }
}

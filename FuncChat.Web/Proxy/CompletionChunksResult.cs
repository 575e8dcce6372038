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
/// <param name="includeUsage">Whether a chunk with the tokens used, and without choices, is to come last, as OpenAI's `stream_options` say.</param>
internal sealed class CompletionChunksResult(FollowedTurn turn, TurnFollower follower, DateTimeOffset created, bool includeUsage) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var left = httpContext.RequestAborted;
        EventStream.SetHeaders(response, turn.TurnId);
        try
        {
            await using (follower)
            {
                await response.Body.FlushAsync(left);

                // Asked for between two chunks, so that it never stands within one.
                await using var stream = new FollowerStream(follower, () => response.Body.WriteAsync(": keep-alive\n\n"u8.ToArray(), left));
                await SseFormatter.WriteAsync(ChunksAsync(stream, left), response.Body, left);
            }
        }
        catch (Exception e) when (left.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The client has left.
        }

        await turn.Completion;
    }

    private async IAsyncEnumerable<SseItem<string>> ChunksAsync(
        FollowerStream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var outcome = new TurnOutcome();
        await foreach (var item in stream.EventsAsync(cancellationToken))
        {
            outcome.Add(item);
            if (item.EventType == "status")
                yield return Item(outcome, new ChunkDelta { Role = "assistant", Content = new RawJson("\"\""u8.ToArray()) });
            if (item.EventType == "delta")
                yield return Item(outcome, new ChunkDelta { Content = RawJson.Of(item.Data.GetProperty("content")) });
            if (item.EventType == "message_complete" && SaysBeforeTools(item.Data))
                yield return Item(outcome, new ChunkDelta { Content = new RawJson("\"\\n\\n\""u8.ToArray()) });
            if (item.EventType == "message_reset")
                break;
        }

        if (outcome.Complete is { } complete)
        {
            yield return Item(outcome, new ChunkDelta(), outcome.FinishReason);
            if (includeUsage)
                yield return Item(ChunkOf(outcome, []) with { Usage = CompletionUsage.Of(complete.GetProperty("usage")) });
            yield return new SseItem<string>("[DONE]");
            yield break;
        }

        var error = outcome.ErrorOrBrokenOff;
        yield return new SseItem<string>(JsonSerializer.Serialize(
            new ChunkError(new ChunkErrorBody(error.Message, "server_error", JsonSerializer.SerializeToElement(error.Code).GetString()!)),
            WebJson.Relaxed.ChunkError));
    }

    // The messages of a turn are one text here: what comes after the tools begins a new paragraph.
    private static bool SaysBeforeTools(JsonElement message) =>
        message.TryGetProperty("tool_calls", out _)
        && message.GetProperty("content") is { ValueKind: JsonValueKind.String } content && !content.ValueEquals("");

    private SseItem<string> Item(TurnOutcome outcome, ChunkDelta delta, string? finishReason = null) =>
        Item(ChunkOf(outcome, [new ChunkChoice(0, delta, finishReason)]));

    private static SseItem<string> Item(CompletionChunk chunk) => new(JsonSerializer.Serialize(chunk, WebJson.Relaxed.CompletionChunk));

    private CompletionChunk ChunkOf(TurnOutcome outcome, IReadOnlyList<ChunkChoice> choices) =>
        new(turn.TurnId, "chat.completion.chunk", created.ToUnixTimeSeconds(), outcome.Model, choices);
}

using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Turns;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Proxy;

/// <summary>A turn as one OpenAI `chat.completion`, sent when the turn has ended.</summary>
internal sealed class CompletionResult(FollowedTurn turn, TurnFollower follower, DateTimeOffset created) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers["X-Turn-Id"] = turn.TurnId;
        var outcome = new TurnOutcome();
        try
        {
            await using (follower)
            {
                await using var stream = new FollowerStream(follower);
                await foreach (var item in stream.EventsAsync(httpContext.RequestAborted))
                    outcome.Add(item);
            }

            var answer = outcome.Complete is { } complete
                ? TypedResults.Json(CompletionOf(outcome, complete), WebJson.Relaxed.Completion)
                : (IResult)new ProblemResult(outcome.ErrorOrBrokenOff);
            await answer.ExecuteAsync(httpContext);
        }
        catch (Exception e) when (httpContext.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The client has left.
        }

        await turn.Completion;
    }

    private Completion CompletionOf(TurnOutcome outcome, JsonElement complete)
    {
        var messages = complete.GetProperty("messages").EnumerateArray().Select(RawJson.Of).ToList();
        return new Completion(
            turn.TurnId, "chat.completion", created.ToUnixTimeSeconds(), outcome.Model,
            [new CompletionChoice(0, messages[^1], outcome.FinishReason)],
            CompletionUsage.Of(complete.GetProperty("usage")),
            messages[..^1]);
    }
}

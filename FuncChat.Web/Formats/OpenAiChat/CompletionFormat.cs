using FuncChat.Engine.Events;
using FuncChat.Engine.Turns;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Formats.OpenAiChat;

/// <summary>A chat as one OpenAI `chat.completion`, sent when the turn has ended.</summary>
internal sealed class CompletionFormat(TimeProvider time) : IWireFormat
{
    public const string WireName = "completion";

    public string Name => WireName;

    public bool ReadsWholeTurn => true;

    public bool IsForChatsOnly => true;

    public async Task WriteAsync(TurnResponse turn)
    {
        turn.Http.Response.Headers["X-Turn-Id"] = turn.TurnId;
        var outcome = await ReadAsync(turn.Follower);
        var answer = outcome.Complete is { } complete
            ? TypedResults.Json(CompletionOf(turn.TurnId, outcome, complete), WebJson.Relaxed.Completion)
            : (IResult)new ProblemResult(outcome.Error ?? outcome.Unfinished);
        await answer.ExecuteAsync(turn.Http);
    }

    private static async Task<ChatOutcome> ReadAsync(TurnFollower follower)
    {
        var outcome = new ChatOutcome();
        using var events = new TurnEventReader(follower);
        while (outcome.Error is null && await events.WaitAsync() is not FollowState.End)
        {
            while (events.TryRead(out _, out var turnEvent))
                outcome.Add(turnEvent);
        }

        return outcome;
    }

    private Completion CompletionOf(string turnId, ChatOutcome outcome, CompleteEvent complete) => new(
        turnId, "chat.completion", time.GetUtcNow().ToUnixTimeSeconds(), outcome.Model,
        [new CompletionChoice(0, complete.Messages[^1], outcome.FinishReason)], CompletionUsage.Of(complete.Usage),
        [.. complete.Messages.SkipLast(1)]);
}

using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Engine.Turns;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Formats.OpenAiChat;

/// <summary>A chat as one OpenAI `chat.completion`, sent when the turn has ended.</summary>
internal sealed class CompletionFormat(IOptions<HttpApiOptions> options, TimeProvider time) : IWireFormat
{
    public const string WireName = "completion";

    private const string ObjectName = "chat.completion";

    public string Name => WireName;

    public bool ReadsWholeTurn => true;

    public bool IsForChatsOnly => true;

    public async Task WriteAsync(TurnResponse turn)
    {
        turn.Http.Response.Headers["X-Turn-Id"] = turn.TurnId;
        var answer = OpenAiPath.Includes(turn.Http.Request.Path) ? await AnswerAsync(turn) : await ProxyAnswerAsync(turn);
        await answer.ExecuteAsync(turn.Http);
    }

    private async Task<IResult> AnswerAsync(TurnResponse turn)
    {
        var outcome = new ChatOutcome();
        var message = new CompletionMessage();
        if (await ReadAsync(turn.Follower, outcome, message.Add) is { } tooLong)
            return new ProblemResult(tooLong);
        if (outcome.Complete is null && !outcome.IsFilteredAnswer)
            return ChatErrors.ResultOf(outcome.Error ?? outcome.UnfinishedFor(isOpenAi: true), outcome, turn);
        var completion = new OpenAiCompletion(
            turn.TurnId, ObjectName, turn.Started.ToUnixTimeSeconds(), turn.Body?.AskedModel ?? outcome.Model,
            [new CompletionChoice(0, message.ToJson(), outcome.FinishReason)], CompletionUsage.Of(outcome.Usage));
        return TypedResults.Json(completion, WebJson.Relaxed.OpenAiCompletion);
    }

    private async Task<IResult> ProxyAnswerAsync(TurnResponse turn)
    {
        var outcome = new ChatOutcome();
        var sources = new CitedSources();
        if (await ReadAsync(turn.Follower, outcome, sources.Add) is { } tooLong)
            return new ProblemResult(tooLong);
        return outcome.Complete is { } complete
            ? TypedResults.Json(CompletionOf(turn, outcome, complete, sources), WebJson.Relaxed.Completion)
            : ChatErrors.ResultOf(outcome.Error ?? outcome.UnfinishedFor(isOpenAi: false), outcome, turn);
    }

    /// <returns>The error if the turn takes too long.</returns>
    private async Task<AppError?> ReadAsync(TurnFollower follower, ChatOutcome outcome, Action<TurnEvent> read)
    {
        var limit = new SilenceLimit(options.Value.MaxSilence, time);
        using var events = new TurnEventReader(follower);
        while (outcome.Error is null && await events.WaitAsync() is not FollowState.End)
        {
            if (outcome.Complete is null && limit.IsReached)
                return limit.Error;
            events.ReadAll((_, turnEvent) =>
            {
                outcome.Add(turnEvent);
                read(turnEvent);
            });
        }

        return null;
    }

    private static Completion CompletionOf(TurnResponse turn, ChatOutcome outcome, CompleteEvent complete, CitedSources sources) => new(
        turn.TurnId, ObjectName, turn.Started.ToUnixTimeSeconds(), outcome.Model,
        [new CompletionChoice(0, WithAnnotations(complete.Messages[^1], sources), outcome.FinishReason)], CompletionUsage.Of(complete.Usage),
        [.. complete.Messages.SkipLast(1)]);

    // This server wrote the message, which is an object with a role.
    private static RawJson WithAnnotations(RawJson message, CitedSources sources)
    {
        if (Annotation.Of(FinishedMessage.Of(message).Text ?? "", sources, isWhole: false) is not { Count: > 0 } annotations)
            return message;
        var json = JsonSerializer.SerializeToUtf8Bytes(annotations, WebJson.Relaxed.ListAnnotation);
        return new RawJson((byte[])[.. message.Utf8.Span[..^1], .. ",\"annotations\":"u8, .. json, (byte)'}']);
    }
}

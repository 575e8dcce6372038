using FuncChat.Engine;
using FuncChat.Engine.Turns;
using FuncChat.Web.Formats.OpenAiChat;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Formats.Responses;

/// <summary>A part of a chat as one OpenAI `response`, sent when it has ended.</summary>
internal sealed class ResponseFormat(IOptions<HttpApiOptions> options, TimeProvider time) : IWireFormat
{
    public const string WireName = "response";

    public string Name => WireName;

    public bool ReadsWholeTurn => true;

    public bool IsForChatsOnly => true;

    public async Task WriteAsync(TurnResponse turn)
    {
        var view = ResponseView.Of(turn);
        var builder = new ResponseBuilder(view.Id) { Settings = view.Settings };
        var limit = new SilenceLimit(options.Value.MaxSilence, time);
        using var events = new TurnEventReader(turn.Follower);
        while (!builder.HasEnded && !limit.IsReached && await events.WaitAsync() is not FollowState.End)
        {
            events.ReadAll(builder.Apply);
        }

        turn.Http.Response.Headers["X-Turn-Id"] = turn.TurnId;
        var result = !builder.HasEnded && limit.IsReached ? new ProblemResult(limit.Error) : ResultOf(builder, turn);
        await result.ExecuteAsync(turn.Http);
    }

    private static IResult ResultOf(ResponseBuilder builder, TurnResponse turn) =>
        builder is { HasEnded: true, Error: null or { Code: ErrorCode.Cancelled } }
            ? TypedResults.Json(builder.Response, ResponsesJson.Relaxed.OpenAiResponse)
            : ChatErrors.ResultOf(builder.Error ?? builder.Outcome.UnfinishedFor(isOpenAi: true), builder.Outcome, turn);
}

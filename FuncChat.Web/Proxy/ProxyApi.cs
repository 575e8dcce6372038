using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Turns;
using FuncChat.Web.Chat;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Proxy;

/// <summary>`POST /api/proxy`: the same turn as a chat's, for clients that speak OpenAI's chat completions.</summary>
public sealed class ProxyApi(ChatRequestParser parser, RequestBody bodies, TurnService turns, TimeProvider time)
{
    public async Task<IResult> CompleteAsync(HttpContext http, IToolRunner runner)
    {
        var body = await bodies.ReadJsonAsync(http.Request);
        if (body.Problem is not null)
            return body.Problem;
        var request = parser.Parse(body.Bytes, forProxy: true);
        if (!request.Succeeded)
            return new ProblemResult(request.Error);
        var turn = await turns.StartAsync(Caller.UserOf(http), request.Value.TurnId, request.Value.Turn, runner, http.RequestAborted);
        if (!turn.Succeeded)
            return new ProblemResult(turn.Error);

        // A turn that is begun is followed from its first event, so there is always something to send.
        var follower = turn.Value.Follower!;
        return request.Value.Stream
            ? new CompletionChunksResult(turn.Value, follower, time.GetUtcNow())
            : new CompletionResult(turn.Value, follower, time.GetUtcNow());
    }
}

using FuncChat.Engine.ToolRuns;
using FuncChat.Web.Chat;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Proxy;

/// <summary>`POST /api/proxy`: the same turn as a chat's, for clients that speak OpenAI's chat completions.</summary>
public sealed class ProxyApi(ChatRequestParser parser, TurnEndpoint start, TimeProvider time)
{
    public Task<IResult> CompleteAsync(HttpContext http, IToolRunner runner) => start.StartAsync(
        http, runner, body => parser.Parse(body, forProxy: true), (body, turn, follower) => body.Stream
            ? new CompletionChunksResult(turn, follower, time.GetUtcNow(), body.IncludeUsage)
            : new CompletionResult(turn, follower, time.GetUtcNow()));
}

using FuncChat.Web.Chat;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Proxy;

/// <summary>`POST /api/proxy`: the same turn as a chat's, for clients that speak OpenAI's chat completions.</summary>
public sealed class ProxyApi(ChatRequestParser parser, TurnEndpoint start, TimeProvider time)
{
    public Task<IResult> CompleteAsync(HttpContext http) => start.StartAsync(
        http, body => parser.ParseAsync(body, Caller.ToolUserOf(http), http.RequestAborted, forProxy: true), (body, turn, follower) => body.Stream
            ? new CompletionChunksResult(turn, follower, time.GetUtcNow(), body.IncludeUsage)
            : new CompletionResult(turn, follower, time.GetUtcNow()));
}

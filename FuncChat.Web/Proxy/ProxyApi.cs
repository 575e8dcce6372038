using FuncChat.Web.Chat;
using FuncChat.Web.Formats;
using FuncChat.Web.Formats.OpenAiChat;
using FuncChat.Web.Http;
using FuncChat.Web.Turns;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Proxy;

/// <summary>`POST /api/proxy`: the same turn as a chat's, for clients that speak OpenAI's chat completions.</summary>
internal sealed class ProxyApi(ChatRequestParser parser, TurnStarter turns, WireFormats formats)
{
    public Task<IResult> CompleteAsync(HttpContext http) => turns.StartAsync(
        http, body => parser.ParseAsync(body, Caller.ToolUserOf(http), http.RequestAborted, forProxy: true),
        body => formats[body.Stream ? OpenAiChatFormat.WireName : CompletionFormat.WireName]);
}

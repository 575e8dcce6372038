using FuncChat.Engine.Threads;
using FuncChat.Web.Http;
using FuncChat.Web.Turns;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Chat;

/// <summary>`POST /api/chat`: a chat as a turn.</summary>
internal sealed class ChatApi(ChatRequestParser parser, TurnStarter turns, ThreadTurns threads)
{
    public Task<IResult> StartAsync(HttpContext http) =>
        turns.StartAsync(http, body => parser.ParseAsync(body, Caller.ToolUserOf(http), http.RequestAborted, threads: threads));
}

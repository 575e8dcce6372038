using FuncChat.Web.Formats;
using FuncChat.Web.Formats.OpenAiChat;
using FuncChat.Web.Http;
using FuncChat.Web.Turns;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.OpenAi;

/// <summary>`POST /api/v1/chat/completions`: a chat for OpenAI's clients, which need nothing but the base URL.</summary>
internal sealed class ChatCompletionsApi(CompletionRequestParser parser, TurnStarter turns, WireFormats formats)
{
    public Task<IResult> CompleteAsync(HttpContext http) => turns.StartAsync(
        http, body => parser.ParseAsync(body, IdempotencyKey.Of(http.Request), Caller.ToolUserOf(http), http.RequestAborted),
        body => formats[body.Stream ? OpenAiChatFormat.WireName : CompletionFormat.WireName]);
}

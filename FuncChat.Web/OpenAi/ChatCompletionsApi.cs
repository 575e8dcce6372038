using FuncChat.Web.Formats;
using FuncChat.Web.Formats.OpenAiChat;
using FuncChat.Web.Http;
using FuncChat.Web.Turns;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.OpenAi;

/// <summary>`POST /api/v1/chat/completions`: a chat for OpenAI's clients, which need nothing but the base URL.</summary>
public sealed class ChatCompletionsApi
{
    private readonly CompletionRequestParser _parser;
    private readonly TurnStarter _turns;
    private readonly WireFormats _formats;

    internal ChatCompletionsApi(CompletionRequestParser parser, TurnStarter turns, WireFormats formats)
    {
        _parser = parser;
        _turns = turns;
        _formats = formats;
    }

    public Task<IResult> CompleteAsync(HttpContext http) => _turns.StartAsync(
        http, body => _parser.ParseAsync(body, IdempotencyKey.Of(http.Request), Caller.ToolUserOf(http), http.RequestAborted),
        body => _formats[body.Stream ? OpenAiChatFormat.WireName : CompletionFormat.WireName]);
}

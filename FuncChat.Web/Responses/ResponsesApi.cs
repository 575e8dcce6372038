using FuncChat.Web.Formats;
using FuncChat.Web.Formats.Responses;
using FuncChat.Web.Http;
using FuncChat.Web.OpenAi;
using FuncChat.Web.Turns;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Responses;

/// <summary>`POST /api/v1/responses`: a chat for clients of OpenAI's Responses API.</summary>
public sealed class ResponsesApi
{
    private readonly ResponseRequestParser _parser;
    private readonly TurnStarter _turns;
    private readonly WireFormats _formats;

    internal ResponsesApi(ResponseRequestParser parser, TurnStarter turns, WireFormats formats)
    {
        _parser = parser;
        _turns = turns;
        _formats = formats;
    }

    public async Task<IResult> CreateAsync(HttpContext http)
    {
        var request = await _turns.ReadAsync(
            http, body => _parser.ParseAsync(body, IdempotencyKey.Of(http.Request), Caller.ToolUserOf(http), http.RequestAborted));
        if (!request.Succeeded)
            return new ProblemResult(request.Error);
        var body = request.Value.Body!;
        return await _turns.StartAsync(http, body, _formats[body.Stream ? ResponseStreamFormat.WireName : ResponseFormat.WireName]);
    }
}

using FuncChat.Web.Turns;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Searches;

/// <summary>`POST /api/search`: a web search as a turn.</summary>
internal sealed class SearchApi(TurnStarter turns)
{
    public Task<IResult> StartAsync(HttpContext http) => turns.StartAsync(http, body => new(SearchRequestParser.Parse(body)));
}

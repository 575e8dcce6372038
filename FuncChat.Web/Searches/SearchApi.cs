using FuncChat.Web.Chat;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Searches;

/// <summary>`POST /api/search`: a web search as a turn.</summary>
public sealed class SearchApi(TurnEndpoint start)
{
    public Task<IResult> StartAsync(HttpContext http) => start.StreamAsync(http, body => new(SearchRequestParser.Parse(body)));
}

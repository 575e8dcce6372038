using FuncChat.Engine.ToolRuns;
using FuncChat.Web.Chat;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Searches;

/// <summary>`POST /api/search`: a web search as a turn. It runs no tools; a runner is what every turn is handed.</summary>
public sealed class SearchApi(TurnEndpoint start)
{
    public Task<IResult> StartAsync(HttpContext http, IToolRunner runner) => start.StreamAsync(http, runner, body => new(SearchRequestParser.Parse(body)));
}

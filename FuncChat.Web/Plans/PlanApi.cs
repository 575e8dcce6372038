using FuncChat.Engine.ToolRuns;
using FuncChat.Web.Chat;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Plans;

/// <summary>`POST /api/planning`: a plan for a question as a turn. It runs no tools; a runner is what every turn is handed.</summary>
public sealed class PlanApi(PlanRequestParser parser, TurnEndpoint start)
{
    public Task<IResult> StartAsync(HttpContext http, IToolRunner runner) => start.StreamAsync(http, runner, body => new(parser.Parse(body)));
}

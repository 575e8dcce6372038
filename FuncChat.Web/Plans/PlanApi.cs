using FuncChat.Web.Turns;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Plans;

/// <summary>`POST /api/planning`: a plan for a question as a turn.</summary>
internal sealed class PlanApi(PlanRequestParser parser, TurnStarter turns)
{
    public Task<IResult> StartAsync(HttpContext http) => turns.StartAsync(http, body => new(parser.Parse(body)));
}

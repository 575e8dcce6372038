using FuncChat.Web.Chat;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Plans;

/// <summary>`POST /api/planning`: a plan for a question as a turn.</summary>
public sealed class PlanApi(PlanRequestParser parser, TurnEndpoint start)
{
    public Task<IResult> StartAsync(HttpContext http) => start.StreamAsync(http, body => new(parser.Parse(body)));
}

using FuncChat.Engine;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web;

/// <summary>What is answered where the API has no such route, or not by that method.</summary>
public static class UnknownRoute
{
    public static IResult Result { get; } =
        new ProblemResult(new AppError(ErrorCode.NotFound, "There is no such route. See /api/openapi.json, or docs/api.md."));
}

using System.Buffers.Text;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Tools.Mcp.SignIn;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FuncChat.Web.Mcp;

/// <summary>`/api/mcp/servers`: the MCP servers whose tools are offered, and the caller's sign-ins to them.</summary>
/// <remarks>
/// The browser comes back without a credential. So the callback hands the code to the page, which completes the sign-in as its user: a link that another user
/// has made gives that user nothing.
/// </remarks>
internal sealed class McpSignInApi(McpSignIns signIns, PageOrigins pages, RequestBody bodies, TimeProvider time)
{
    private static readonly AppError NoSuchServer = new(ErrorCode.NotFound, "There is no such MCP server, or users do not sign in to it.");

    /// <summary>`GET /api/mcp/servers`.</summary>
    public async Task<IResult> ListAsync(HttpContext http)
    {
        var servers = await signIns.ListAsync(Caller.ToolUserOf(http), http.RequestAborted);
        return TypedResults.Json(new McpServerList([.. servers.Select(Describe)]), WebJson.Relaxed.McpServerList);
    }

    /// <summary>`POST /api/mcp/servers/{server}/sign-in`.</summary>
    public Task<IResult> StartAsync(HttpContext http) => CatchAsync(async () =>
    {
        if (pages.Find(http) is not { } page)
            return new ProblemResult(new AppError(ErrorCode.Forbidden, "Pages of this origin may not sign users in. See FuncChat__Cors__Origins."));
        if (ClientMetadata.AddressesOf(http, page) is not { } app)
            return new ProblemResult(RequestEdge.BadHost);
        return await signIns.StartAsync(PathId.Of(http, "server"), Caller.ToolUserOf(http), app, http.RequestAborted) is { } address
            ? TypedResults.Json(new StartedSignIn(address.AbsoluteUri, time.GetUtcNow() + McpSignIns.Lifetime), WebJson.Relaxed.StartedSignIn)
            : new ProblemResult(NoSuchServer);
    });

    /// <summary>`DELETE /api/mcp/servers/{server}/sign-in`.</summary>
    public Task<IResult> EndAsync(HttpContext http) => CatchAsync(async () =>
        await signIns.SignOutAsync(PathId.Of(http, "server"), Caller.ToolUserOf(http), http.RequestAborted) ? TypedResults.NoContent() : new ProblemResult(NoSuchServer));

    /// <summary>`GET /api/mcp/oauth/callback`: sends the browser on to the page.</summary>
    public IResult Return(HttpContext http)
    {
        var query = http.Request.Query;
        if (!SignInState.TryParse(query["state"], out var state) || !pages.Allows(http, state.Page))
            return new ProblemResult(new AppError(ErrorCode.InvalidRequest, "This is no sign-in of this server. Start it again."));
        var response = new CompleteSignInRequest { State = query["state"], Code = query["code"], Iss = query["iss"], Error = query["error"] };
        var json = JsonSerializer.SerializeToUtf8Bytes(response, RequestJsonContext.Default.CompleteSignInRequest);

        // After the #, so that no server's log has the code. Encoded, so that the page's own sign-in does not take it for its code.
        http.Response.Headers[HeaderNames.Location] = $"{state.Page}/#/mcp-sign-in/{Base64Url.EncodeToString(json)}";
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>`POST /api/mcp/oauth/callback`: completes the caller's sign-in.</summary>
    public Task<IResult> CompleteAsync(HttpContext http) => CatchAsync(async () =>
    {
        var body = await bodies.ReadAsync(http, RequestJsonContext.Default.CompleteSignInRequest);
        if (!body.Succeeded)
            return new ProblemResult(body.Error);
        var response = new SignInResponse(body.Value.State!, body.Value.Code, body.Value.Iss, body.Value.Error);
        var server = await signIns.CompleteAsync(Caller.ToolUserOf(http), response, http.RequestAborted);
        return TypedResults.Json(new CompletedSignIn(server), WebJson.Relaxed.CompletedSignIn);
    });

    private static async Task<IResult> CatchAsync(Func<Task<IResult>> handle)
    {
        try
        {
            return await handle();
        }
        catch (SignInException failure)
        {
            var code = failure.Failure switch
            {
                SignInFailure.Request => ErrorCode.InvalidRequest,
                SignInFailure.Store => ErrorCode.Unavailable,
                _ => ErrorCode.UpstreamError,
            };
            return new ProblemResult(new AppError(code, failure.Message) { Retryable = failure.Failure is SignInFailure.Store or SignInFailure.Unavailable });
        }
    }

    private static McpServerDescription Describe(McpServerState server) => new(
        server.Name, server.Available ? "available" : server.SignedIn == false || server.NeedsAccess ? "sign_in_required" : "unavailable", server.SignedIn);
}

using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Turns;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FuncChat.Web.Mcp;

/// <summary>
/// `POST /api/mcp`: this server's tools for MCP clients. It keeps no sessions, so every instance answers every request. The SDK's endpoint is called
/// directly, because the Functions host has no routing.
/// </summary>
internal sealed class McpApi
{
    private readonly RequestDelegate _endpoint;
    private readonly RequestBody _bodies;
    private readonly RequestMemory _memory;
    private readonly PageOrigins _pages;

    public McpApi(IServiceProvider services, RequestBody bodies, RequestMemory memory, PageOrigins pages)
    {
        _bodies = bodies;
        _memory = memory;
        var routes = new Routes(services);
        routes.MapMcp();
        _endpoint = routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Single().RequestDelegate!;
        _pages = pages;
    }

    public async Task<IResult> HandleAsync(HttpContext http)
    {
        // Otherwise any website could use a server without sign-in on its visitor's machine.
        if (_pages.Find(http) is null)
            return new ProblemResult(new AppError(ErrorCode.Forbidden, "Pages of this origin may not use the MCP endpoint. See FuncChat__Cors__Origins."));
        var held = _memory.Hold(Caller.UserOf(http), _bodies.MostOf(http.Request));
        if (!held.Succeeded)
            return new ProblemResult(held.Error);
        var inUse = false;
        try
        {
            var body = await _bodies.ReadJsonAsync(http.Request);

            if (!body.Succeeded)
                return new ProblemResult(body.Error);
            if (McpRequestCheck.FindErrorOfBody(body.Value) is { } refusal)
                return TypedResults.Text(refusal, "application/json", statusCode: StatusCodes.Status400BadRequest);
            inUse = true;
            return new EndpointResult(_endpoint, body.Value, held.Value);
        }
        finally
        {
            // Also if the client hangs up while it sends the body.
            if (!inUse)
                held.Value.Dispose();
        }
    }

    // The arguments of a call are in use until it has ended.
    private sealed class EndpointResult(RequestDelegate endpoint, byte[] body, HeldMemory request) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            using (request)
            {
                httpContext.Request.Body = new MemoryStream(body, writable: false);
                try
                {
                    await endpoint(httpContext);
                }
                catch (JsonException) when (!httpContext.Response.HasStarted)
                {
                    // The SDK reads some params before its filters run.
                    await TypedResults.Text(McpRequestCheck.WrongParams, "application/json", statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(httpContext);
                }
            }
        }
    }

    private sealed class Routes(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}

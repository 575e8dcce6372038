using FuncChat.Engine;
using FuncChat.Web.Cors;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Mcp;

/// <summary>
/// `POST /api/mcp`: this server's tools for MCP clients. It keeps no sessions, so every instance answers every request. The SDK's endpoint is called
/// directly, because the Functions host has no routing.
/// </summary>
internal sealed class McpApi
{
    private readonly RequestDelegate _endpoint;
    private readonly HttpApiOptions _options;
    private readonly string[] _origins;

    public McpApi(IServiceProvider services, IOptions<HttpApiOptions> options, IOptions<OriginOptions> origins)
    {
        var routes = new Routes(services);
        routes.MapMcp();
        _endpoint = routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Single().RequestDelegate!;
        _options = options.Value;
        _origins = origins.Value.All;
    }

    public Task<IResult> HandleAsync(HttpContext http)
    {
        // A page of another site must not reach a server that runs without sign-in on its visitor's machine.
        if (http.Request.Headers.Origin is { Count: > 0 } origin && !IsAllowed(http.Request, origin.ToString()))
            return Task.FromResult<IResult>(new ProblemResult(new AppError(ErrorCode.Forbidden, "Pages of this origin may not use the MCP endpoint. See FuncChat__Cors__Origins.")));
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = _options.MaxBodyBytes;
        return Task.FromResult<IResult>(new EndpointResult(_endpoint));
    }

    private bool IsAllowed(HttpRequest request, string origin) =>
        origin == $"{request.Scheme}://{request.Host}" || _origins.Contains(origin, StringComparer.Ordinal);

    private sealed class EndpointResult(RequestDelegate endpoint) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => endpoint(httpContext);
    }

    private sealed class Routes(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}

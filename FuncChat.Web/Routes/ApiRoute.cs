using FuncChat.Engine.Turns;
using FuncChat.Web.Auth;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Web.Routes;

/// <summary>A route of the API. A route for GET also answers HEAD.</summary>
public sealed class ApiRoute
{
    private readonly TemplateMatcher _matcher;
    private readonly Func<HttpContext, Task<IResult>> _handler;

    internal ApiRoute(string method, string path, Func<HttpContext, Task<IResult>> handler)
    {
        Methods = method == HttpMethods.Get ? [HttpMethods.Get, HttpMethods.Head] : [method];
        Path = path;
        _handler = handler;
        _matcher = new TemplateMatcher(TemplateParser.Parse($"api/{path}"), []);
    }

    public IReadOnlyList<string> Methods { get; }

    /// <summary>The path below `/api`, one of <see cref="ApiPaths"/>.</summary>
    public string Path { get; }

    /// <summary>Whether it answers requests without a sign-in, and does not count them.</summary>
    internal bool IsOpen { get; init; }

    /// <summary>Whether it answers a request without a sign-in, where that depends on the settings.</summary>
    internal Func<HttpContext, bool> IsOpenTo { get; init; } = _ => false;

    /// <summary>Authorizes the request and runs its handler. The turns that it reads count until the response is sent.</summary>
    public async Task<IResult> RunAsync(HttpContext http)
    {
        // A host may route by its own means, and set other values or none.
        if (!_matcher.Template.Parameters.All(parameter => http.Request.RouteValues.ContainsKey(parameter.Name!)))
            _matcher.TryMatch(http.Request.Path, http.Request.RouteValues);
        var reads = http.RequestServices.GetRequiredService<RequestMemory>().BeginReads(ReadLimit.Refuse);
        http.Response.RegisterForDispose(reads);
        var result = await (IsOpen || IsOpenTo(http) ? _handler(http) : http.RequestServices.GetRequiredService<ApiAuthorization>().RunAsync(http, () => _handler(http)));
        return new CountedResult(result, reads);
    }

    internal bool Matches(PathString path) => _matcher.TryMatch(path, []);

    // A host may execute results in another flow.
    private sealed class CountedResult(IResult result, HeldReads reads) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            using var resumed = reads.Resume();
            await result.ExecuteAsync(httpContext);
        }
    }
}

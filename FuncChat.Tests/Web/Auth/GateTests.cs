using System.Net;
using System.Text.RegularExpressions;
using FuncChat.Tests.Support;
using FuncChat.Web.Http;
using FuncChat.Web.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Auth;

/// <summary>No route of either host can be added past the gate.</summary>
public sealed partial class GateTests
{
    private static readonly string[] Open = ["config", "health", "openapi.json", "mcp/oauth-protected-resource", "mcp/oauth/client.json"];

    // Open, and refuses a request that is no return from a sign-in.
    private const string Callback = "GET mcp/oauth/callback";

    [Fact]
    public async Task Every_route_that_is_not_open_asks_for_a_sign_in()
    {
        await using var server = await GuardedServer.StartAsync();
        var routes = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        Assert.NotEmpty(routes);

        foreach (var route in routes)
        {
            var path = route.RoutePattern.RawText!.Replace("{turnId}", "turn-0001", StringComparison.Ordinal).Replace("{**rest}", "x", StringComparison.Ordinal);
            var method = route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "GET";

            using var response = await server.SendAsync(new HttpMethod(method), path, null, method == "POST" ? "{}" : null);

            var expected = $"{method} {path[(path.IndexOf("api/", StringComparison.Ordinal) + 4)..]}" == Callback ? HttpStatusCode.BadRequest
                : Open.Any(name => path.EndsWith($"/{name}", StringComparison.Ordinal)) ? HttpStatusCode.OK : HttpStatusCode.Unauthorized;
            Assert.True(expected == response.StatusCode, $"{method} {path} answers {response.StatusCode}.");
        }
    }

    [Fact]
    public void Every_http_trigger_that_is_not_open_passes_the_gate()
    {
        var triggers = Directory.EnumerateFiles(Repository.PathOf("FuncChat"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Trigger().Matches(File.ReadAllText(file)))
            .ToDictionary(trigger => trigger.Groups["name"].Value, trigger => trigger.Groups["body"].Value.Trim());

        Assert.Equal(ApiRoutes.All.Count + 1, triggers.Count);
        Assert.All(triggers, trigger => Assert.StartsWith(
            trigger.Key == "Name" ? "ApiRoutes.AnswerUnknownAsync(" : $"{trigger.Key.Replace("nameof(", "", StringComparison.Ordinal).TrimEnd(')')}.RunAsync(", trigger.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void Request_that_came_past_the_gate_has_no_user() =>
        Assert.Throws<InvalidOperationException>(() => Caller.UserOf(new DefaultHttpContext()));

    // [Function(nameof(ApiRoutes.StartChat))] … [HttpTrigger(…)] … => body;
    [GeneratedRegex(
        """\[Function\((?<name>[^\]]*)\)\][^;]*?\[HttpTrigger\([^;]*?=>(?<body>[^;]*);""",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Trigger();
}

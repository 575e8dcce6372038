using System.Net;
using FuncChat.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Web.Auth;

public sealed class ApiKeyTests : IAsyncLifetime
{
    private GuardedServer _server = null!;

    public async Task InitializeAsync() => _server = await GuardedServer.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Theory]
    [InlineData("Authorization", "Bearer " + GuardedServer.BotKey, HttpStatusCode.OK)]
    [InlineData("Authorization", "bearer " + GuardedServer.OtherKey, HttpStatusCode.OK)]
    [InlineData("X-Api-Key", GuardedServer.BotKey, HttpStatusCode.OK)]
    [InlineData("api-key", GuardedServer.BotKey, HttpStatusCode.OK)]
    [InlineData("api-key", GuardedServer.OtherKey, HttpStatusCode.OK)]
    [InlineData("X-Api-Key", GuardedServer.BotKey + "0", HttpStatusCode.Unauthorized)]
    [InlineData("api-key", GuardedServer.BotKey + "0", HttpStatusCode.Unauthorized)]
    [InlineData("X-Api-Key", "fchat_", HttpStatusCode.Unauthorized)]
    [InlineData("X-Api-Key", "fck_", HttpStatusCode.Unauthorized)]
    [InlineData("X-Api-Key", "", HttpStatusCode.Unauthorized)]
    [InlineData("X-Api-Key", "FCHAT_0123456789abcdef0123456789abcdef", HttpStatusCode.Unauthorized)]
    [InlineData("X-Api-Key", "fck_0123456789abcdef0123456789abcdef", HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", GuardedServer.BotKey, HttpStatusCode.Unauthorized)]
    public async Task Api_key_is_accepted_when_it_is_one_of_the_keys(string header, string value, HttpStatusCode status)
    {
        using var response = await SendAsync((header, value));

        Assert.Equal(status, response.StatusCode);
        var shown = _server.Logs.All + await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("fchat_0", shown, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("fck_f", shown, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Hash_of_a_key_is_no_key()
    {
        using var response = await SendAsync(("X-Api-Key", GuardedServer.HashOf(GuardedServer.BotKey)));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("X-Api-Key", "Authorization")]
    [InlineData("api-key", "Authorization")]
    [InlineData("api-key", "X-Api-Key")]
    public async Task Two_credentials_are_401_though_both_are_valid(string first, string second)
    {
        using var response = await SendAsync((first, GuardedServer.BotKey), (second, second == "Authorization" ? $"Bearer {GuardedServer.BotKey}" : GuardedServer.BotKey));

        var problem = await Problem.OfAsync(response);
        Assert.Equal(HttpStatusCode.Unauthorized, problem.Status);
        Assert.Equal(
            "The request has several credentials. Send one and leave out the others: Authorization with a Bearer token, X-Api-Key, or api-key.", problem.Detail);
    }

    [Fact]
    public async Task Key_of_another_service_is_401_that_says_how_keys_of_this_server_start()
    {
        using var response = await SendAsync(("Authorization", "Bearer sk-0123456789"));

        var problem = await Problem.OfAsync(response);
        Assert.Equal(HttpStatusCode.Unauthorized, problem.Status);
        Assert.Equal("The credential is neither a signed JSON Web Token nor an API key of this server, which starts with fchat_.", problem.Detail);
    }

    [Fact]
    public async Task Two_keys_in_one_header_are_401()
    {
        using var response = await SendAsync(("api-key", GuardedServer.BotKey), ("api-key", GuardedServer.BotKey));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Authorization_of_another_scheme_is_401_that_names_the_right_one()
    {
        using var response = await SendAsync(("Authorization", "Basic YWRhOng="));

        var problem = await Problem.OfAsync(response);
        Assert.Equal(HttpStatusCode.Unauthorized, problem.Status);
        Assert.StartsWith("The Authorization header must have the scheme Bearer", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credential_is_not_checked_by_middleware_too()
    {
        using var folder = new TemporaryFolder();
        var checks = new Checks();
        await using var server = await LocalServer.StartWithAsync(
            folder.Path,
            builder => builder.Services.AddSingleton(checks).AddScoped<IAuthenticationService, CountedAuthentication>(),
            settings:
            [
                ("FuncChat:Auth:ApiKeys:bot:Hash", GuardedServer.HashOf(GuardedServer.BotKey)),
                ("FuncChat:Auth:Providers:test:Authority", "https://issuer.example.com"), ("FuncChat:Auth:Providers:test:Audience", "app"),
            ]);
        server.Http.DefaultRequestHeaders.Add("X-Api-Key", GuardedServer.BotKey);

        using var response = await server.Http.GetAsync("api/tools");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, checks.Count);
    }

    private Task<HttpResponseMessage> SendAsync(params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "api/tools");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return _server.Http.SendAsync(request);
    }

    private sealed class Checks
    {
        public int Count;
    }

    private sealed class CountedAuthentication(
        IAuthenticationSchemeProvider schemes, IAuthenticationHandlerProvider handlers, IClaimsTransformation transform, IOptions<AuthenticationOptions> options, Checks checks)
        : AuthenticationService(schemes, handlers, transform, options)
    {
        public override Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme)
        {
            Interlocked.Increment(ref checks.Count);
            return base.AuthenticateAsync(context, scheme);
        }
    }
}

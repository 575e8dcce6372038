using FuncChat.Tests.Support;
using FuncChat.Tools;
using FuncChat.Tools.Identity;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Moq;

namespace FuncChat.Tests.Mcp;

/// <summary>What is sent to one MCP server only.</summary>
public sealed class McpCredentialTests : IAsyncLifetime
{
    private ScriptedMcpServer _server = null!;

    public async Task InitializeAsync() => _server = (await ScriptedMcpServer.StartAsync()).Says("read", "text");

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Header_has_the_value_that_the_setting_has_at_the_time()
    {
        await using var bench = McpBench.For(_server, ("Headers:X-Key", "first"));
        await bench.CallAsync("read");
        bench.Configuration["FuncChat:Mcp:Servers:srv:Headers:X-Key"] = "renewed";

        await bench.CallAsync("read");

        Assert.Equal(["first", "renewed"], _server.Headers.Select(headers => headers["X-Key"].ToString()).Distinct());
    }

    [Fact]
    public async Task Redirect_to_another_host_is_not_followed()
    {
        await using var other = await ScriptedMcpServer.StartAsync();
        _server.Intercept = http =>
        {
            http.Response.Redirect(other.Url.AbsoluteUri, permanent: false, preserveMethod: true);
            return Task.FromResult(true);
        };
        await using var bench = McpBench.For(_server, ("Headers:Authorization", "Bearer secret"));

        var failure = await Assert.ThrowsAsync<ToolSourceException>(() => bench.ListAsync());

        Assert.Equal("The MCP server 'srv' redirects to another address.", failure.Message);
        Assert.Empty(other.Headers);
    }

    [Fact]
    public async Task Refused_credentials_are_reported_without_their_value()
    {
        _server.Intercept = http =>
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.FromResult(true);
        };
        await using var bench = McpBench.For(_server, ("Headers:Authorization", "Bearer secret"));

        Assert.Equal("The MCP server 'srv' does not accept the credentials.", (await Assert.ThrowsAsync<ToolSourceException>(() => bench.ListAsync())).Message);
    }

    [Fact]
    public async Task Server_that_requires_credentials_is_reported_as_one_when_the_settings_have_none()
    {
        _server.Intercept = http =>
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Task.FromResult(true);
        };
        await using var bench = McpBench.For(_server);

        Assert.Equal(
            "The MCP server 'srv' requires credentials, and the settings have none for it.", (await Assert.ThrowsAsync<ToolSourceException>(() => bench.ListAsync())).Message);
    }

    [Fact]
    public async Task Entra_sends_a_token_of_the_app_for_the_scope()
    {
        var tokens = new Mock<IAppTokens>();
        tokens.Setup(each => each.GetAsync("api://tools/.default", It.IsAny<CancellationToken>())).Returns(new ValueTask<string>("app-token"));
        await using var bench = new McpBench(
            tokens.Object, ("FuncChat:Mcp:Servers:srv:Url", _server.Url.AbsoluteUri), ("FuncChat:Mcp:Servers:srv:Auth", "entra"),
            ("FuncChat:Mcp:Servers:srv:Scope", "api://tools/.default"));

        await bench.CallAsync("read");

        Assert.Equal(["Bearer app-token"], Authorizations());
    }

    [Theory]
    [InlineData("result")]
    [InlineData("error")]
    [InlineData("cut error")]
    [InlineData("progress")]
    [InlineData("cut progress")]
    [InlineData("question")]
    [InlineData("question within the call")]
    public async Task Token_of_the_app_is_removed_wherever_the_server_repeats_it(string place)
    {
        const string Token = "eyJ0eXAi.app-token-0123456789.abcdef";
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: place == "question within the call")).On("echo", async (context, token) =>
        {
            var text = $"Called with {Token}";
            if (place.EndsWith("progress", StringComparison.Ordinal))
            {
                await context.Server.NotifyProgressAsync(
                    context.Params!.ProgressToken!.Value, new ProgressNotificationValue { Progress = 1, Message = place == "cut progress" ? text.PadLeft(210, '.') : text }, cancellationToken: token);
            }

            return place switch
            {
                "error" => throw new McpProtocolException(text, McpErrorCode.InvalidParams),
                "cut error" => throw new McpProtocolException(text.PadLeft(1010, '.'), McpErrorCode.InvalidParams),
                "question" => throw new InputRequiredException(new Dictionary<string, InputRequest> { ["a"] = InputRequest.ForElicitation(Form(text)) }, "state"),
                "question within the call" => ScriptedMcpServer.Text((await context.Server.ElicitAsync(Form(text), cancellationToken: token)).Action),
                _ => ScriptedMcpServer.Text(place == "result" ? text : "Done."),
            };
        });
        var tokens = new Mock<IAppTokens>();
        tokens.Setup(each => each.GetAsync("api://tools/.default", It.IsAny<CancellationToken>())).Returns(new ValueTask<string>(Token));
        await using var bench = new McpBench(
            tokens.Object, ("FuncChat:Mcp:Servers:srv:Url", server.Url.AbsoluteUri), ("FuncChat:Mcp:Servers:srv:Auth", "entra"), ("FuncChat:Mcp:Servers:srv:Scope", "api://tools/.default"));
        var run = new McpRun();

        var shown = place.StartsWith("question", StringComparison.Ordinal) ? TextOf(await Assert.ThrowsAsync<ToolQuestionException>(() => bench.CallAsync("echo", run)))
            : place.EndsWith("error", StringComparison.Ordinal) ? (await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("echo", run))).Message
            : await bench.CallAsync("echo", run);
        if (place.EndsWith("progress", StringComparison.Ordinal))
            shown = (await run.NextReportAsync()).Message;

        Assert.Contains("[key]", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(Token[..12], shown, StringComparison.Ordinal);

        static string TextOf(ToolQuestionException question) => question.Message + question.Schema;

        static ElicitRequestParams Form(string text) => new()
        {
            Message = text,
            RequestedSchema = new() { Properties = { ["value"] = new ElicitRequestParams.StringSchema { Description = text } } },
        };
    }

    [Fact]
    public async Task OAuth_sends_a_token_of_the_authorization_server_and_asks_for_it_once_while_it_is_valid()
    {
        await using var issuer = await ScriptedWebServer.StartAsync();
        issuer.On("/token", """{"access_token":"issued","expires_in":3600,"token_type":"Bearer"}""", "application/json");
        await using var bench = McpBench.For(
            _server, ("Auth", "oauth"), ("TokenUrl", $"{issuer.Url}token"), ("ClientId", "funcchat"), ("ClientSecret", "secret"));
        await bench.CallAsync("read");
        Assert.Single(issuer.Requests);

        bench.Time.Advance(TimeSpan.FromHours(1));
        await bench.CallAsync("read");

        Assert.Equal(2, issuer.Requests.Count);
        Assert.Equal(["Bearer issued"], Authorizations());
    }

    [Fact]
    public async Task OAuth_reads_a_lifetime_that_is_sent_as_a_text()
    {
        await using var issuer = await ScriptedWebServer.StartAsync();
        issuer.On("/token", """{"access_token":"issued","expires_in":"3599","ext_expires_in":"3599","token_type":"Bearer"}""", "application/json");
        await using var bench = McpBench.For(
            _server, ("Auth", "oauth"), ("TokenUrl", $"{issuer.Url}token"), ("ClientId", "funcchat"), ("ClientSecret", "secret"));

        await bench.CallAsync("read");
        bench.Time.Advance(TimeSpan.FromMinutes(30));
        await bench.CallAsync("read");

        Assert.Single(issuer.Requests);
    }

    [Fact]
    public async Task OAuth_requests_another_token_once_when_the_server_refuses_one_that_is_still_valid()
    {
        await using var issuer = await ScriptedWebServer.StartAsync();
        var issued = 0;
        issuer.On("/token", http => http.Response.WriteAsync($$"""{"access_token":"token-{{++issued}}","expires_in":3600,"token_type":"Bearer"}"""));
        await using var bench = McpBench.For(
            _server, ("Auth", "oauth"), ("TokenUrl", $"{issuer.Url}token"), ("ClientId", "funcchat"), ("ClientSecret", "secret"));
        await bench.CallAsync("read");
        var revoked = new HashSet<string> { "Bearer token-1" };
        _server.Intercept = http =>
        {
            var isRefused = revoked.Contains(http.Request.Headers.Authorization.ToString());
            if (isRefused)
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.FromResult(isRefused);
        };

        Assert.Equal("text", await bench.CallAsync("read"));
        Assert.Equal(2, issued);

        revoked.UnionWith(["Bearer token-2", "Bearer token-3"]);
        var failure = await Assert.ThrowsAsync<ToolException>(() => bench.CallAsync("read"));
        Assert.Equal("The MCP server 'srv' does not accept the credentials.", failure.Message);
        Assert.Equal(3, issued);
    }

    [Fact]
    public async Task User_token_is_sent_for_its_own_user_and_each_user_has_a_separate_list()
    {
        _server.ToolsFor = http => http!.Request.Headers.Authorization == "Bearer ada-token" ? _server.Tools : [];
        await using var bench = McpBench.For(_server, ("Auth", "user"));
        var (ada, bob) = (new ToolUser("ada", "ada-token"), new ToolUser("bob", "bob-token"));

        Assert.Single(await bench.ListAsync(ada));
        Assert.Empty(await bench.ListAsync(bob));
        Assert.Single(await bench.ListAsync(ada with { Token = "ada-token-2" }));
        Assert.Equal("text", await bench.CallAsync("read", new McpRun(ada)));

        Assert.Equal(["Bearer ada-token", "Bearer bob-token"], Authorizations().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task User_without_a_token_has_no_tools_of_a_server_that_needs_one()
    {
        await using var bench = McpBench.For(_server, ("Auth", "user"));

        await Assert.ThrowsAsync<ToolSourceException>(() => bench.ListAsync(new ToolUser("ada")));

        Assert.Empty(_server.Headers);
    }

    private IEnumerable<string> Authorizations() => _server.Headers.Select(headers => headers.Authorization.ToString()).Distinct(StringComparer.Ordinal);
}

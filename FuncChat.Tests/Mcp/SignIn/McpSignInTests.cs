using System.Net;
using System.Text.Json.Nodes;
using FuncChat.Tools.Mcp.SignIn;
using ModelContextProtocol;

namespace FuncChat.Tests.Mcp.SignIn;

/// <summary>Sign-ins of users to an MCP server, over HTTP: the browser, the authorization server and the MCP server are real.</summary>
public sealed class McpSignInTests : IAsyncLifetime
{
    private McpSignInBench _bench = null!;

    public async Task InitializeAsync() => _bench = await McpSignInBench.StartAsync();

    public Task DisposeAsync() => _bench.DisposeAsync().AsTask();

    [Fact]
    public async Task User_who_has_signed_in_calls_the_servers_tools_with_a_token_that_no_event_response_or_log_has()
    {
        Assert.Equal(("sign_in_required", false), await _bench.StateAsync(_bench.Ada));

        await _bench.SignInAsync(_bench.Ada);

        Assert.Equal(("available", true), await _bench.StateAsync(_bench.Ada));
        var events = await _bench.ChatAsync(_bench.Ada);
        Assert.Contains("\"content\":\"mail\"", events, StringComparison.Ordinal);
        Assert.Equal(["read"], _bench.Mcp.Called);
        Assert.NotEmpty(_bench.Authorization.Issued);
        foreach (var token in _bench.Authorization.Issued)
        {
            Assert.DoesNotContain(token, events, StringComparison.Ordinal);
            Assert.DoesNotContain(token, _bench.Server.Logs.All, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Long_running_tool_uses_the_users_token()
    {
        await using var bench = await McpSignInBench.StartAsync(("FuncChat:Mcp:Servers:srv:Auth", "sign-in"), ("FuncChat:Mcp:Servers:srv:LongRunning", "true"));
        await bench.SignInAsync(bench.Ada);

        Assert.Contains("\"content\":\"mail\"", await bench.ChatAsync(bench.Ada), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_are_those_of_their_user_alone()
    {
        await _bench.SignInAsync(_bench.Ada);

        Assert.Equal(("sign_in_required", false), await _bench.StateAsync(_bench.Bob));
        Assert.DoesNotContain("mail", await _bench.ChatAsync(_bench.Bob), StringComparison.Ordinal);
        Assert.Empty(_bench.Mcp.Called);
    }

    [Theory]
    [InlineData("result")]
    [InlineData("error")]
    [InlineData("data of an error")]
    public async Task Result_has_no_token_when_the_server_repeats_it(string place)
    {
        _bench.Mcp.On("echo", (_, _) =>
        {
            var text = $"Called with {_bench.Mcp.Headers.Last().Authorization}";
            return place == "data of an error"
                ? throw new McpProtocolException("No.", McpErrorCode.InvalidParams) { Data = { ["call"] = text } }
                : new(ScriptedMcpServer.Text(text, isError: place == "error"));
        });
        await _bench.SignInAsync(_bench.Ada);
        _bench.Server.Model.Calls(("a", "srv__echo", "{}")).Says("Done.");

        using var response = await _bench.Server.SendAsync(
            HttpMethod.Post, "api/chat", _bench.Ada, """{"messages":[{"role":"user","content":"x"}],"tools":["srv__echo"],"approved_tools":["srv__*"]}""");

        Assert.Contains("Called with Bearer [key]", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_in_requests_the_scopes_of_the_server_when_its_refusal_names_none()
    {
        _bench.Authorization.ChallengedScope = "";

        var address = await _bench.StartSignInAsync(_bench.Ada);

        Assert.Contains("&scope=read", address.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_in_is_completed_once()
    {
        var body = await _bench.BrowseAsync(await _bench.StartSignInAsync(_bench.Ada));
        using var first = await _bench.CompleteAsync(_bench.Ada, body);

        await AssertRefusedAsync(_bench.Ada, body, "unknown or was already used");

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Single(_bench.Authorization.Requests, path => path == "/token");
    }

    [Fact]
    public async Task Sign_in_of_another_user_is_refused_and_stays_usable_by_its_own()
    {
        var body = await _bench.BrowseAsync(await _bench.StartSignInAsync(_bench.Ada));

        await AssertRefusedAsync(_bench.Bob, body, "unknown or was already used");

        Assert.DoesNotContain("/token", _bench.Authorization.Requests);
        using var completed = await _bench.CompleteAsync(_bench.Ada, body);
        Assert.Equal(HttpStatusCode.OK, completed.StatusCode);
    }

    [Fact]
    public async Task Sign_in_with_another_state_is_refused()
    {
        var body = JsonNode.Parse(await _bench.BrowseAsync(await _bench.StartSignInAsync(_bench.Ada)))!;
        body["state"] = SignInState.New("srv", "http://127.0.0.1").ToString();

        await AssertRefusedAsync(_bench.Ada, body.ToJsonString(), "unknown or was already used");

        Assert.DoesNotContain("/token", _bench.Authorization.Requests);
    }

    [Fact]
    public async Task Sign_in_that_took_too_long_is_refused()
    {
        var body = await _bench.BrowseAsync(await _bench.StartSignInAsync(_bench.Ada));
        _bench.Server.Time.Advance(TimeSpan.FromMinutes(10));

        await AssertRefusedAsync(_bench.Ada, body, "took too long");
    }

    [Fact]
    public async Task Sign_in_that_the_user_denied_leaves_no_tokens()
    {
        _bench.Authorization.Denies = true;
        var body = await _bench.BrowseAsync(await _bench.StartSignInAsync(_bench.Ada));

        await AssertRefusedAsync(_bench.Ada, body, "You did not grant access.");

        Assert.Equal(("sign_in_required", false), await _bench.StateAsync(_bench.Ada));
    }

    [Fact]
    public async Task Response_of_another_issuer_is_refused()
    {
        _bench.Authorization.ReturnedIssuer = "https://evil.example";
        var body = await _bench.BrowseAsync(await _bench.StartSignInAsync(_bench.Ada));

        await AssertRefusedAsync(_bench.Ada, body, "another authorization server");

        Assert.DoesNotContain("/token", _bench.Authorization.Requests);
    }

    [Fact]
    public async Task Response_without_its_issuer_is_refused_when_the_authorization_server_returns_one()
    {
        var body = JsonNode.Parse(await _bench.BrowseAsync(await _bench.StartSignInAsync(_bench.Ada)))!.AsObject();
        body.Remove("iss");

        await AssertRefusedAsync(_bench.Ada, body.ToJsonString(), "another authorization server");
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Sign_in_can_be_completed_again_when_the_authorization_server_is_unavailable(int status)
    {
        var body = await _bench.BrowseAsync(await _bench.StartSignInAsync(_bench.Ada));
        _bench.Authorization.TokenFailure = status;
        using var failed = await _bench.CompleteAsync(_bench.Ada, body);
        var problem = await failed.Content.ReadAsStringAsync();
        _bench.Authorization.TokenFailure = null;

        using var completed = await _bench.CompleteAsync(_bench.Ada, body);

        Assert.Equal(HttpStatusCode.BadGateway, failed.StatusCode);
        Assert.Contains("The authorization server is unavailable.", problem, StringComparison.Ordinal);
        Assert.Contains("\"retryable\":true", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("model", problem, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, completed.StatusCode);
    }

    [Theory]
    [InlineData("\r\nX-Evil: 1")]
    [InlineData("ü")]
    [InlineData(" x")]
    [InlineData("\0")]
    public async Task Token_that_no_header_can_have_is_refused(string end)
    {
        _bench.Authorization.TokenEnd = end;
        var body = await _bench.BrowseAsync(await _bench.StartSignInAsync(_bench.Ada));

        using var response = await _bench.CompleteAsync(_bench.Ada, body);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains("returned no bearer token", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(("sign_in_required", false), await _bench.StateAsync(_bench.Ada));
    }

    [Theory]
    [InlineData("other")]
    [InlineData("%2e%2e")]
    public async Task Server_that_does_not_exist_is_a_404(string name)
    {
        using var start = await _bench.Server.SendAsync(HttpMethod.Post, $"api/mcp/servers/{name}/sign-in", _bench.Ada);
        using var end = await _bench.Server.SendAsync(HttpMethod.Delete, $"api/mcp/servers/{name}/sign-in", _bench.Ada);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (start.StatusCode, end.StatusCode));
    }

    [Fact]
    public async Task Page_of_another_origin_can_start_no_sign_in()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/mcp/servers/srv/sign-in");
        request.Headers.Authorization = new("Bearer", _bench.Ada);
        request.Headers.Add("Origin", "https://evil.example");

        using var response = await _bench.Server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("abc.srv.!")]
    [InlineData("abc.srv.aHR0cHM6Ly9ldmlsLmV4YW1wbGU")]
    public async Task Callback_sends_the_browser_to_no_other_page(string state)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var response = await browser.GetAsync(new Uri(_bench.Server.Http.BaseAddress!, $"api/mcp/oauth/callback?code=c&state={state}"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(response.Headers.Location);
    }

    private async Task AssertRefusedAsync(string user, string body, string reason)
    {
        using var response = await _bench.CompleteAsync(user, body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(reason, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}

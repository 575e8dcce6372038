using System.Net;

namespace FuncChat.Tests.Mcp.SignIn;

/// <summary>Sign-ins whose tokens expire, are no longer accepted, or are deleted by their user.</summary>
public sealed class SignInEndTests : IAsyncLifetime
{
    private McpSignInBench _bench = null!;

    public async Task InitializeAsync() => _bench = await McpSignInBench.StartAsync();

    public Task DisposeAsync() => _bench.DisposeAsync().AsTask();

    [Fact]
    public async Task Expired_token_is_refreshed()
    {
        await _bench.SignInAsync(_bench.Ada);
        await _bench.ChatAsync(_bench.Ada);
        _bench.Server.Time.Advance(TimeSpan.FromHours(2));
        _bench.Authorization.ForgetAccessTokens();

        var events = await _bench.ChatAsync(_bench.Server.Issuer.Token(), "turn-0002");

        Assert.Contains("\"content\":\"mail\"", events, StringComparison.Ordinal);
        Assert.Equal(2, _bench.Authorization.Requests.Count(path => path == "/token"));
    }

    [Fact]
    public async Task Token_that_the_server_no_longer_accepts_is_refreshed()
    {
        await _bench.SignInAsync(_bench.Ada);
        await _bench.StateAsync(_bench.Ada);
        _bench.Authorization.ForgetAccessTokens();

        Assert.Contains("\"content\":\"mail\"", await _bench.ChatAsync(_bench.Ada), StringComparison.Ordinal);
        Assert.Equal(["read"], _bench.Mcp.Called);
    }

    [Fact]
    public async Task User_must_sign_in_again_when_the_refresh_is_refused()
    {
        await _bench.SignInAsync(_bench.Ada);
        await _bench.StateAsync(_bench.Ada);
        _bench.Authorization.ForgetAccessTokens();
        _bench.Authorization.RefusesRefresh = true;

        var events = await _bench.ChatAsync(_bench.Ada);

        Assert.Contains("\"sign_in\":\"srv\"", events, StringComparison.Ordinal);
        Assert.Contains("event: parked", events, StringComparison.Ordinal);
        Assert.DoesNotContain("token-in-description", events, StringComparison.Ordinal);
        _bench.Server.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(("sign_in_required", false), await _bench.StateAsync(_bench.Server.Issuer.Token()));
    }

    [Fact]
    public async Task Parked_turn_continues_once_the_user_has_signed_in_again()
    {
        await ParkAsync();
        await _bench.SignInAsync(_bench.Ada);

        var events = await _bench.AnswerAsync(_bench.Ada, """{"type":"answer","request_id":"req_1","content":{}}""");

        Assert.Contains("\"content\":\"mail\"", events, StringComparison.Ordinal);
        Assert.Contains("event: complete", events, StringComparison.Ordinal);
        Assert.Equal(["read"], _bench.Mcp.Called);
    }

    [Fact]
    public async Task Parked_turn_asks_again_when_the_user_has_not_signed_in()
    {
        await ParkAsync();

        var events = await _bench.AnswerAsync(_bench.Ada, """{"type":"answer","request_id":"req_1","content":{}}""");

        Assert.Contains("\"id\":\"req_2\"", events, StringComparison.Ordinal);
        Assert.Empty(_bench.Mcp.Called);
    }

    [Fact]
    public async Task Call_fails_when_the_user_does_not_want_to_sign_in()
    {
        await ParkAsync();

        var events = await _bench.AnswerAsync(_bench.Ada, """{"type":"deny","request_id":"req_1"}""");

        Assert.Contains("The user did not sign in to the MCP server 'srv'.", events, StringComparison.Ordinal);
        Assert.Contains("event: complete", events, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_deletes_and_revokes_the_tokens()
    {
        await _bench.SignInAsync(_bench.Ada);

        using var response = await _bench.Server.SendAsync(HttpMethod.Delete, "api/mcp/servers/srv/sign-in", _bench.Ada);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Contains("/revoke", _bench.Authorization.Requests);
        Assert.Equal(("sign_in_required", false), await _bench.StateAsync(_bench.Ada));
    }

    /// <summary>Parks a turn whose tool call needs a new sign-in.</summary>
    private async Task ParkAsync()
    {
        await _bench.SignInAsync(_bench.Ada);
        await _bench.StateAsync(_bench.Ada);
        _bench.Authorization.ForgetAccessTokens();
        _bench.Authorization.RefusesRefresh = true;
        Assert.Contains("event: parked", await _bench.ChatAsync(_bench.Ada), StringComparison.Ordinal);
        _bench.Authorization.RefusesRefresh = false;
    }
}

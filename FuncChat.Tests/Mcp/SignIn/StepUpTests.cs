using System.Net;
using Microsoft.AspNetCore.WebUtilities;

namespace FuncChat.Tests.Mcp.SignIn;

/// <summary>Calls that need more access than the user's sign-in includes (403 `insufficient_scope`).</summary>
public sealed class StepUpTests : IAsyncLifetime
{
    private const string Done = """{"type":"answer","request_id":"req_1","content":{}}""";

    private McpSignInBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await McpSignInBench.StartAsync();
        _bench.Authorization.ScopeOfCalls = "write";
    }

    public Task DisposeAsync() => _bench.DisposeAsync().AsTask();

    [Fact]
    public async Task Turn_continues_once_the_user_has_granted_the_scopes_of_the_call_and_the_earlier_ones()
    {
        await _bench.SignInAsync(_bench.Ada);
        var parked = await _bench.ChatAsync(_bench.Ada);
        var address = await _bench.StartSignInAsync(_bench.Ada);
        await CompleteAsync(address);

        var events = await _bench.AnswerAsync(_bench.Ada, Done);

        Assert.Contains("needs more access for this call: write.", parked, StringComparison.Ordinal);
        Assert.Contains("\"sign_in\":\"srv\"", parked, StringComparison.Ordinal);
        Assert.Contains("event: parked", parked, StringComparison.Ordinal);
        Assert.Equal("read write", QueryHelpers.ParseQuery(address.Query)["scope"]);
        Assert.Contains("\"content\":\"mail\"", events, StringComparison.Ordinal);
        Assert.Equal(["read"], _bench.Mcp.Called);
    }

    [Fact]
    public async Task Call_continues_without_asking_when_another_sign_in_grants_the_scopes_meanwhile()
    {
        await _bench.SignInAsync(_bench.Ada);
        await _bench.ChatAsync(_bench.Ada);
        await _bench.AnswerAsync(_bench.Ada, """{"type":"deny","request_id":"req_1"}""");
        _bench.Authorization.Refusing = async () =>
        {
            _bench.Authorization.Refusing = () => Task.CompletedTask;
            await _bench.SignInAsync(_bench.Ada);
        };

        var events = await _bench.ChatAsync(_bench.Ada, "turn-0002");

        Assert.DoesNotContain("event: input_request", events, StringComparison.Ordinal);
        Assert.Contains("\"content\":\"mail\"", events, StringComparison.Ordinal);
        Assert.Equal(["read"], _bench.Mcp.Called);
    }

    [Fact]
    public async Task Tools_that_need_no_more_access_stay_available()
    {
        await _bench.SignInAsync(_bench.Ada);
        await _bench.ChatAsync(_bench.Ada);

        Assert.Equal(("available", true), await _bench.StateAsync(_bench.Ada));
    }

    [Fact]
    public async Task Server_that_needs_more_access_for_its_list_requires_another_sign_in()
    {
        _bench.Authorization.ProtectsEverything = true;
        await _bench.SignInAsync(_bench.Ada);
        var before = await _bench.StateAsync(_bench.Ada);
        await _bench.SignInAsync(_bench.Ada);

        Assert.Equal(("sign_in_required", true), before);
        Assert.Equal(("available", true), await _bench.StateAsync(_bench.Ada));
    }

    [Fact]
    public async Task Call_fails_when_the_authorization_server_does_not_grant_the_scope()
    {
        _bench.Authorization.WithheldScope = "write";
        await _bench.SignInAsync(_bench.Ada);
        await _bench.ChatAsync(_bench.Ada);
        await _bench.SignInAsync(_bench.Ada);

        var events = await _bench.AnswerAsync(_bench.Ada, Done);

        Assert.Contains("requires access that has not been granted: write.", events, StringComparison.Ordinal);
        Assert.Contains("event: complete", events, StringComparison.Ordinal);
        Assert.Empty(_bench.Mcp.Called);
    }

    [Fact]
    public async Task Call_fails_when_the_user_does_not_grant_more()
    {
        await _bench.SignInAsync(_bench.Ada);
        await _bench.ChatAsync(_bench.Ada);

        var events = await _bench.AnswerAsync(_bench.Ada, """{"type":"deny","request_id":"req_1"}""");

        Assert.Contains("did not grant the MCP server 'srv' more access.", events, StringComparison.Ordinal);
        Assert.Contains("event: complete", events, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_always_wants_more_is_not_asked_without_end()
    {
        await _bench.SignInAsync(_bench.Ada);
        await _bench.ChatAsync(_bench.Ada);
        foreach (var number in Enumerable.Range(1, 2))
        {
            await _bench.SignInAsync(_bench.Ada);
            _bench.Authorization.ScopeOfCalls = $"scope-{number}";
            Assert.Contains("event: parked", await _bench.AnswerAsync(_bench.Ada, Done.Replace("req_1", $"req_{number}", StringComparison.Ordinal)), StringComparison.Ordinal);
        }

        await _bench.SignInAsync(_bench.Ada);
        _bench.Authorization.ScopeOfCalls = "another";

        var events = await _bench.AnswerAsync(_bench.Ada, Done.Replace("req_1", "req_3", StringComparison.Ordinal));

        Assert.Contains("asked for more access 3 times", events, StringComparison.Ordinal);
        Assert.Contains("event: complete", events, StringComparison.Ordinal);
        Assert.Empty(_bench.Mcp.Called);
    }

    [Fact]
    public async Task Other_users_sign_in_as_before()
    {
        await _bench.SignInAsync(_bench.Ada);
        await _bench.ChatAsync(_bench.Ada);
        await _bench.SignInAsync(_bench.Ada);

        var address = await _bench.StartSignInAsync(_bench.Bob);

        Assert.Equal("read", QueryHelpers.ParseQuery(address.Query)["scope"]);
        Assert.Equal(2, _bench.Authorization.Requests.Count(path => path == "/register"));
    }

    [Fact]
    public async Task Server_gets_no_more_than_the_scope_of_the_settings()
    {
        await using var bench = await McpSignInBench.StartAsync(("FuncChat:Mcp:Servers:srv:Scope", "read"));
        bench.Authorization.ScopeOfCalls = "write";
        await bench.SignInAsync(bench.Ada);

        var events = await bench.ChatAsync(bench.Ada);

        Assert.Contains("requires access that has not been granted: write.", events, StringComparison.Ordinal);
        Assert.Contains("event: complete", events, StringComparison.Ordinal);
    }

    private async Task CompleteAsync(Uri address)
    {
        using var completed = await _bench.CompleteAsync(_bench.Ada, await _bench.BrowseAsync(address));
        Assert.Equal(HttpStatusCode.OK, completed.StatusCode);
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Auth;

/// <summary>API keys that are trusted to name the user.</summary>
public sealed class NamedUserTests
{
    private const string Header = "X-FuncChat-User";

    [Fact]
    public async Task Limits_and_turns_are_those_of_the_named_user()
    {
        await using var server = await StartAsync(("FuncChat:Limits:TokensPerDay", "15"));
        server.Model.Says("One.").Says("Two.").Says("Three.");
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(server, "alice", "turn-0001"));

        Assert.Equal(HttpStatusCode.TooManyRequests, await ChatAsync(server, "alice", "turn-0002"));
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(server, "bob", "turn-0002"));
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(server, null, "turn-0003"));
        Assert.Equal(HttpStatusCode.OK, await FollowAsync(server, "alice", "turn-0001"));
        Assert.Equal(HttpStatusCode.NotFound, await FollowAsync(server, "bob", "turn-0001"));
        Assert.Equal(HttpStatusCode.NotFound, await FollowAsync(server, null, "turn-0001"));
        Assert.Equal(HttpStatusCode.NotFound, await FollowAsync(server, "Alice", "turn-0001"));
    }

    [Fact]
    public async Task Budget_of_a_key_includes_all_users_that_it_names()
    {
        await using var server = await StartAsync(("FuncChat:Budgets:KeyTokensPerMonth", "30"));
        server.Model.Says("One.").Says("Two.");
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(server, "alice", "turn-0001"));
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(server, "bob", "turn-0002"));

        Assert.Equal(HttpStatusCode.TooManyRequests, await ChatAsync(server, "carol", "turn-0003"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await ChatAsync(server, null, "turn-0004"));
    }

    [Theory]
    [InlineData("alice bob")]
    [InlineData("")]
    [InlineData("alice*")]
    [InlineData("{{LIBRECHAT_USER_ID}}")]
    [InlineData("alice,bob")]
    public async Task User_with_other_characters_is_refused(string user)
    {
        await using var server = await StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, await ModelsAsync(server, GuardedServer.BotKey, user));
    }

    [Fact]
    public async Task User_longer_than_128_characters_is_refused()
    {
        await using var server = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, await ModelsAsync(server, GuardedServer.BotKey, new string('a', 128)));
        Assert.Equal(HttpStatusCode.BadRequest, await ModelsAsync(server, GuardedServer.BotKey, new string('a', 129)));
    }

    [Fact]
    public async Task Callers_that_are_not_trusted_may_name_no_user()
    {
        await using var server = await StartAsync();

        Assert.Equal(HttpStatusCode.Forbidden, await ModelsAsync(server, GuardedServer.OtherKey, "alice"));
        Assert.Equal(HttpStatusCode.Forbidden, await ModelsAsync(server, server.Issuer.TokenWith(), "alice"));
        Assert.Equal(HttpStatusCode.OK, await ModelsAsync(server, GuardedServer.OtherKey, null));
    }

    [Fact]
    public async Task Named_user_has_none_of_the_keys_roles()
    {
        await using var server = await StartAsync(("FuncChat:Budgets:Administrators", "key:bot"));

        Assert.Equal(HttpStatusCode.OK, await ModelsAsync(server, GuardedServer.BotKey, null, "api/usage/users"));
        Assert.Equal(HttpStatusCode.Forbidden, await ModelsAsync(server, GuardedServer.BotKey, "alice", "api/usage/users"));
    }

    [Fact]
    public async Task Key_may_be_trusted_with_another_programs_header()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Auth:ApiKeys:bot:UserHeader", "X-OpenWebUI-User-Id"), ("FuncChat:Limits:RequestsPerMinute", "1"));

        Assert.Equal(HttpStatusCode.OK, await ModelsAsync(server, GuardedServer.BotKey, "alice", header: "X-OpenWebUI-User-Id"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await ModelsAsync(server, GuardedServer.BotKey, "alice", header: "X-OpenWebUI-User-Id"));
        Assert.Equal(HttpStatusCode.OK, await ModelsAsync(server, GuardedServer.BotKey, "bob", header: "X-OpenWebUI-User-Id"));
        Assert.Equal(HttpStatusCode.Forbidden, await ModelsAsync(server, GuardedServer.BotKey, "alice"));
    }

    private static Task<GuardedServer> StartAsync(params (string Name, string Value)[] settings) =>
        GuardedServer.StartAsync([.. settings, ("FuncChat:Auth:ApiKeys:bot:UserHeader", Header)]);

    private static Task<HttpStatusCode> ChatAsync(GuardedServer server, string? user, string turnId) => SendAsync(
        server, HttpMethod.Post, "api/chat", GuardedServer.BotKey, user, Header, $$"""{"turn_id":"{{turnId}}","max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}""");

    private static Task<HttpStatusCode> FollowAsync(GuardedServer server, string? user, string turnId) =>
        SendAsync(server, HttpMethod.Get, $"api/turns/{turnId}", GuardedServer.BotKey, user, Header);

    private static Task<HttpStatusCode> ModelsAsync(GuardedServer server, string token, string? user, string path = "api/models", string header = Header) =>
        SendAsync(server, HttpMethod.Get, path, token, user, header);

    private static async Task<HttpStatusCode> SendAsync(
        GuardedServer server, HttpMethod method, string path, string token, string? user, string header, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (user is not null)
            Assert.True(request.Headers.TryAddWithoutValidation(header, user));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await server.Http.SendAsync(request);
        await response.Content.ReadAsStringAsync();
        return response.StatusCode;
    }
}

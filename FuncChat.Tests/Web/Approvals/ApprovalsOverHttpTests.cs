using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using FuncChat.Web.Auth;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Web.Approvals;

/// <summary>`GET /api/approvals`, over HTTP.</summary>
public sealed class ApprovalsOverHttpTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new();

    [Fact]
    public async Task Approver_sees_and_answers_the_calls_of_all_users_and_others_see_none()
    {
        await using var server = await StartAsync(("FuncChat:Approvals:Approvers", "key:boss"));
        await ParkAsync(server, "user", "turn-0001");
        await ParkAsync(server, "other", "turn-0002");

        Assert.Empty(await WaitingAsync(server, "user"));
        var waiting = await WaitingAsync(server, "boss");
        Assert.Equal(["turn-0001", "turn-0002"], waiting.Select(call => call.GetProperty("turn_id").GetString()).Order());
        var call = waiting.Single(each => each.GetProperty("turn_id").GetString() == "turn-0001");
        Assert.Equal(
            ("req_1", "key user", "send_mail", "{\"to\":\"bo\"}"),
            (call.GetProperty("request_id").GetString(), call.GetProperty("owner").GetString(), call.GetProperty("name").GetString(), call.GetProperty("arguments").GetString()));
        Assert.Equal(
            ("This tool may delete or overwrite something.", "deletes"), (call.GetProperty("reason").GetString(), call.GetProperty("reason_code").GetString()));

        using var approved = await SendAsync(
            server, "boss", HttpMethod.Post, "api/turns/turn-0001/signals?owner=key%20user", """{"type":"approve","request_id":"req_1"}""");
        await approved.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, approved.StatusCode);
        Assert.Equal("turn-0002", Assert.Single(await WaitingAsync(server, "boss")).GetProperty("turn_id").GetString());
    }

    [Theory]
    [InlineData("roles")]
    [InlineData("groups")]
    public async Task Member_of_a_role_or_group_of_entra_answers_the_calls_of_others(string claim)
    {
        await using var issuer = await OpenIdIssuer.StartAsync(TimeProvider.System);
        var entra = new IdentityProvider(IdentityProvider.Entra, new Uri(issuer.Issuer), [OpenIdIssuer.Audience]);
        await using var server = await LocalServer.StartWithAsync(
            _folder.Path,
            builder => WithTool(builder).Services.AddSingleton(Options.Create(new AuthSettings { Providers = [entra], Allowed = new(["ada@example.com"], ["boss"], ["boss"]) })),
            _model.Catalog, null, ("FuncChat:Approvals:Approvers", "boss"), ("FuncChat:Budgets:Administrators", "boss"));
        var user = issuer.TokenWith(("acct", 0));
        var other = issuer.TokenWith(("acct", 0), (claim, new[] { "bosses" }));
        var boss = issuer.TokenWith(("sub", "boss"), ("email", null), (claim, new[] { "staff", "boss" }));
        await ParkAsync(server, user, "turn-0001");
        const string Approve = """{"type":"approve","request_id":"req_1"}""";

        Assert.Empty(await WaitingAsync(server, other));
        using var refused = await SendAsync(server, other, HttpMethod.Post, "api/turns/turn-0001/signals", Approve);
        var owner = Assert.Single(await WaitingAsync(server, boss)).GetProperty("owner").GetString()!;
        using var approved = await SendAsync(server, boss, HttpMethod.Post, $"api/turns/turn-0001/signals?owner={Uri.EscapeDataString(owner)}", Approve);
        await approved.Content.ReadAsStringAsync();

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (refused.StatusCode, approved.StatusCode));
        using var events = await SendAsync(server, user, HttpMethod.Get, "api/turns/turn-0001");
        Assert.Contains("Sent.", await events.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_sees_the_own_calls_where_there_are_no_approvers()
    {
        await using var server = await StartAsync();
        await ParkAsync(server, "user", "turn-0001");
        await ParkAsync(server, "other", "turn-0002");

        Assert.Equal("turn-0001", Assert.Single(await WaitingAsync(server, "user")).GetProperty("turn_id").GetString());
    }

    [Fact]
    public async Task Call_of_a_turn_that_has_ended_is_no_longer_listed_or_stored()
    {
        await using var server = await StartAsync();
        await ParkAsync(server, "user", "turn-0001");
        Assert.Single(Stored());
        using var stopped = await SendAsync(server, "user", HttpMethod.Delete, "api/turns/turn-0001");

        Assert.Empty(await WaitingAsync(server, "user"));

        Assert.Empty(Stored());
    }

    [Fact]
    public async Task Damaged_turn_keeps_no_other_call_from_being_listed()
    {
        await using var server = await StartAsync(("FuncChat:Approvals:Approvers", "key:boss"));
        await ParkAsync(server, "user", "turn-0001");
        await ParkAsync(server, "other", "turn-0002");

        await File.WriteAllTextAsync(Assert.Single(Directory.EnumerateFiles(_folder.Path, "turn-0001.log", SearchOption.AllDirectories)), "{\n\n");

        Assert.Equal("turn-0002", Assert.Single(await WaitingAsync(server, "boss")).GetProperty("turn_id").GetString());
    }

    [Fact]
    public async Task Deletion_of_a_thread_removes_its_waiting_calls()
    {
        await using var server = await StartAsync();
        await ParkAsync(server, "user", "turn-0001", ""","thread_id":"thread-0001" """);
        Assert.Single(Stored());

        using var deleted = await SendAsync(server, "user", HttpMethod.Delete, "api/threads/thread-0001");

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(Stored());
    }

    [Fact]
    public async Task Calls_are_listed_page_by_page()
    {
        await using var server = await StartAsync(("FuncChat:Approvals:Approvers", "key:boss"));
        foreach (var number in Enumerable.Range(1, 3))
            await ParkAsync(server, "user", $"turn-000{number}");

        var first = await ListAsync(server, "boss", "?limit=2");
        var second = await ListAsync(server, "boss", $"?limit=2&after={Uri.EscapeDataString(first.GetProperty("next").GetString()!)}");

        Assert.Equal((2, 1), (first.GetProperty("approvals").GetArrayLength(), second.GetProperty("approvals").GetArrayLength()));
        Assert.False(second.TryGetProperty("next", out _));
        using var invalid = await SendAsync(server, "boss", HttpMethod.Get, "api/approvals?limit=0");
        Assert.Equal(HttpStatusCode.BadRequest, invalid.StatusCode);
    }

    [Theory]
    [InlineData("boss", "garbage")]
    [InlineData("boss", "0123456789abcdef0123456789abcdef.turn-0001")]
    [InlineData("boss", "0123456789ABCDEF0123456789abcdef.turn-0001.json")]
    [InlineData("boss", "0123456789abcdef0123456789abcdef.a.b.json")]
    [InlineData("user", "garbage")]
    public async Task Cursor_that_no_page_returned_is_refused(string key, string after)
    {
        await using var server = await StartAsync(("FuncChat:Approvals:Approvers", "key:boss"));

        using var response = await SendAsync(server, key, HttpMethod.Get, $"api/approvals?after={after}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("The parameter after must be the next of an earlier page.", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_names_the_roles_of_the_caller()
    {
        await using var server = await StartAsync(("FuncChat:Approvals:Approvers", "key:boss"), ("FuncChat:Budgets:Administrators", "key:boss"));

        using var boss = await SendAsync(server, "boss", HttpMethod.Get, "api/usage");
        using var user = await SendAsync(server, "user", HttpMethod.Get, "api/usage");

        Assert.Equal("""["administrator","approver"]""", JsonElement.Parse(await boss.Content.ReadAsStringAsync()).GetProperty("roles").GetRawText());
        Assert.False(JsonElement.Parse(await user.Content.ReadAsStringAsync()).TryGetProperty("roles", out _));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<HttpResponseMessage> SendAsync(LocalServer server, string key, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Contains('.') ? key : $"fchat_{key}");
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await server.Http.SendAsync(request);
    }

    private static async Task<JsonElement> ListAsync(LocalServer server, string key, string query = "")
    {
        using var response = await SendAsync(server, key, HttpMethod.Get, $"api/approvals{query}");
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }

    private static async Task<List<JsonElement>> WaitingAsync(LocalServer server, string key) =>
        [.. (await ListAsync(server, key)).GetProperty("approvals").EnumerateArray()];

    private async Task ParkAsync(LocalServer server, string key, string turnId, string more = "")
    {
        _model.Calls(("a", "send_mail", """{"to":"bo"}""")).Otherwise(_ => [FakeModel.Text("Sent."), FakeModel.Finish(), FakeModel.Usage(1, 1)]);
        using var response = await SendAsync(
            server, key, HttpMethod.Post, "api/chat",
            $$"""{"messages":[{"role":"user","content":"Hello"}],"tools":["send_mail"],"turn_id":"{{turnId}}"{{more}}}""");
        Assert.Contains("event: parked", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private Task<LocalServer> StartAsync(params (string Name, string Value)[] settings) => LocalServer.StartWithAsync(
        _folder.Path, builder => WithTool(builder), _model.Catalog, null,
        [
            .. new[] { "user", "other", "boss" }.Select(key => ($"FuncChat:Auth:ApiKeys:{key}:Hash", GuardedServer.HashOf($"fchat_{key}"))), .. settings,
        ]);

    private static WebApplicationBuilder WithTool(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(Tool.FromMethod((string to) => $"sent to {to}", "send_mail", "Sends mail."));
        return builder;
    }

    private string[] Stored()
    {
        var folder = Path.Combine(_folder.Path, "approvals");
        return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
    }
}

using System.Net;
using FuncChat.Engine.Usage;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Usage;

public sealed class AllUsageApiTests
{
    private const string Body = """{"messages":[{"role":"user","content":"Hello"}]}""";

    [Fact]
    public async Task Administrator_reads_the_usage_of_all_users_of_a_month()
    {
        await using var server = await StartAsync();
        server.Model.Says("One.").Says("Two.").Says("Three.");
        await ChatAsync(server, GuardedServer.BotKey);
        await ChatAsync(server, GuardedServer.BotKey);
        await ChatAsync(server, server.Issuer.TokenWith());

        using var response = await server.GetAsync(GuardedServer.OtherKey, "api/usage/users?month=2026-01");

        var report = await GuardedServer.JsonAsync(response);
        Assert.Equal(("2026-01", "USD", 45), (report.GetProperty("month").GetString(), report.GetProperty("currency").GetString(), report.GetProperty("total").GetProperty("tokens").GetInt64()));
        var users = report.GetProperty("users").EnumerateArray().ToList();
        Assert.Equal(("key bot", 30, "0.00003"), (users[0].GetProperty("user").GetString(), users[0].GetProperty("tokens").GetInt64(), users[0].GetProperty("cost").GetRawText()));
        Assert.Contains(users, user => user.TryGetProperty("name", out var name) && name.GetString() == "ada@example.com" && user.GetProperty("tokens").GetInt64() == 15);
        Assert.Equal("""[{"key":"bot","tokens":30,"cost":0.00003}]""", report.GetProperty("keys").GetRawText());
        using var other = await server.GetAsync(GuardedServer.OtherKey, "api/usage/users?month=2025-12");
        Assert.Empty((await GuardedServer.JsonAsync(other)).GetProperty("users").EnumerateArray());
    }

    [Fact]
    public async Task Users_without_the_role_are_refused()
    {
        await using var server = await StartAsync();

        using var key = await server.GetAsync(GuardedServer.BotKey, "api/usage/users");
        using var user = await server.GetAsync(server.Issuer.TokenWith(), "api/usage/users");
        using var stranger = await server.GetAsync(null, "api/usage/users");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized), (key.StatusCode, user.StatusCode, stranger.StatusCode));
    }

    [Theory]
    [InlineData("=HYPERLINK(\"https://evil.test\";\"x\")", "\"'=HYPERLINK(\"\"https://evil.test\"\";\"\"x\"\")\"")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData(" =1", "' =1")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("＝1", "'＝1")]
    [InlineData("a,b\r\nc", "\"a,b\r\nc\"")]
    [InlineData("ada@example.com", "ada@example.com")]
    public async Task Csv_has_no_cell_that_a_spreadsheet_runs(string name, string cell)
    {
        await using var server = await StartAsync();
        var counter = server.Services.GetRequiredService<IUsageCounter>();
        counter.Describe("key bot ada", name);
        await counter.AddAsync(UsageWindow.At(server.Time.GetUtcNow(), "key bot ada", UsageKind.Tokens), 7, CancellationToken.None);

        using var response = await server.GetAsync(GuardedServer.OtherKey, "api/usage/users?format=csv");

        Assert.Equal("text/csv", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("usage-2026-01.csv", response.Content.Headers.ContentDisposition?.FileName?.Trim('"'));
        Assert.Equal(
            $"month,user,name,tokens,cost,currency,tool_runs,bytes\r\n2026-01,key bot ada,{cell},7,0,USD,0,0\r\n", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("month=2026")]
    [InlineData("month=2026-13")]
    [InlineData("month=9999-12")]
    [InlineData("month=../x")]
    [InlineData("format=xml")]
    public async Task Query_that_is_not_valid_is_refused(string query)
    {
        await using var server = await StartAsync();

        using var response = await server.GetAsync(GuardedServer.OtherKey, $"api/usage/users?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static Task<GuardedServer> StartAsync() => GuardedServer.StartAsync(
        ("FuncChat:Budgets:Administrators", "key:other"), ("FuncChat:Prices:all:Model", "*"), ("FuncChat:Prices:all:Input", "1"), ("FuncChat:Prices:all:Output", "1"));

    private static async Task ChatAsync(GuardedServer server, string token)
    {
        using var response = await server.SendAsync(HttpMethod.Post, "api/chat", token, Body);
        Assert.Contains("event: complete", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}

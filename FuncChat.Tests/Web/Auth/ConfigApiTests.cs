using System.Net;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Auth;

public sealed class ConfigApiTests
{
    [Fact]
    public async Task Config_returns_how_to_sign_in_and_the_limits_to_every_caller()
    {
        await using var server = await GuardedServer.StartAsync(
            ("GOOGLE_CLIENT_ID", "page.apps.googleusercontent.com"), ("FuncChat:Limits:TokensPerDay", "0"), ("FuncChat:Requests:MaxMessages", "7"));

        using var response = await server.GetAsync(null, "api/config");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            $$$"""
            {"sign_in":{"required":true,"providers":[{"name":"google","authority":"https://accounts.google.com","client_id":"page.apps.googleusercontent.com"},
            {"name":"test","authority":"{{{server.Issuer.Issuer}}}","client_id":"the-page"}]},
            "limits":{"max_body_bytes":4194304,"max_messages":7,"turns_at_once":20,"requests_per_minute":120,"tool_runs_per_day":1000,"bytes_per_day":1073741824},"sharing":"users","titles_by_client":true}
            """.ReplaceLineEndings(""),
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Config_asks_for_no_sign_in_when_none_is_set()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LocalServer.StartAsync(folder.Path, new FakeModel().Catalog);

        Assert.Equal(
            """{"sign_in":{"required":false,"providers":[]},"limits":{"max_body_bytes":4194304,"max_messages":1000,"turns_at_once":20},"sharing":"users","titles_by_client":true}""",
            await server.Http.GetStringAsync("api/config"));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("fake:model")]
    public async Task Config_leaves_titles_to_clients_only_where_the_settings_name_no_model(string titleModel)
    {
        using var folder = new TemporaryFolder();
        await using var server = await LocalServer.StartAsync(folder.Path, new FakeModel().Catalog, settings: ("FuncChat:Threads:TitleModel", titleModel));

        Assert.Contains("\"titles_by_client\":false", await server.Http.GetStringAsync("api/config"), StringComparison.Ordinal);
    }
}

using FuncChat.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>The page as an installed app, and in other languages.</summary>
[Trait("Category", "Browser")]
public sealed class OfflineTests(Chrome chrome, ScriptedServer server) : IClassFixture<Chrome>, IClassFixture<ScriptedServer>
{
    [Fact]
    public async Task Page_opens_with_its_chats_when_the_server_is_out_of_reach()
    {
        server.Model.Says("Hello again.");
        await using var relay = new TcpRelay(server.Address);
        await using var page = await chrome.OpenAsync(relay.Address, keepsFiles: true);
        await page.SayAsync("Hello");
        await Expect(page.Answer).ToContainTextAsync("Hello again.");
        await page.Page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => true)");

        await page.Page.Context.SetOfflineAsync(true);
        await page.ReloadAsync();

        await Expect(page.Answer).ToContainTextAsync("Hello again.");
        await Expect(page.Page.GetByText("You're offline.")).ToBeVisibleAsync();
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Page_is_installable()
    {
        using var http = new HttpClient { BaseAddress = server.Address };

        var manifest = await http.GetAsync("manifest.webmanifest");
        var icon = await http.GetAsync("icon-512.png");

        Assert.Equal("application/manifest+json", manifest.Content.Headers.ContentType?.MediaType);
        Assert.Contains("icon-512.png", await manifest.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("image/png", icon.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Page_speaks_the_language_of_the_browser_until_the_user_chooses()
    {
        await using var page = await chrome.OpenAsync(server.Address, language: "de-AT");
        await Expect(page.Page.GetByText("Was möchtest du wissen?")).ToBeVisibleAsync();
        Assert.Empty(await page.AxeAsync());

        await page.PressButtonAsync("Einstellungen");
        await page.Page.GetByText("English", new() { Exact = true }).ClickAsync();
        await page.ReloadAsync();

        await Expect(page.Page.GetByText("What would you like to know?")).ToBeVisibleAsync();
    }
}

using FuncChat.Tests.Support;
using Microsoft.Playwright;
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
        await using var page = await chrome.OpenAsync(server.Address, keepsFiles: true);
        await page.Page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => true)");
        var browser = await page.Page.Context.NewCDPSessionAsync(page.Page);

        var manifest = (await browser.SendAsync("Page.getAppManifest"))!.Value;
        var obstacles = (await browser.SendAsync("Page.getInstallabilityErrors"))!.Value;

        Assert.Equal(new Uri(server.Address, "manifest.webmanifest").AbsoluteUri, manifest.GetProperty("url").GetString());
        Assert.Equal("[]", manifest.GetProperty("errors").GetRawText());

        // Only a browser with a profile installs apps.
        Assert.All(obstacles.GetProperty("installabilityErrors").EnumerateArray(), error => Assert.Equal("in-incognito", error.GetProperty("errorId").GetString()));
    }

    [Fact]
    public async Task Page_without_a_connection_opens_every_part_that_needs_no_server()
    {
        server.Model.Says("One **bold** answer.").Says("Another one.");
        await using var relay = new TcpRelay(server.Address);
        await using var page = await chrome.OpenAsync(relay.Address, keepsFiles: true);
        await page.SayAsync("First");
        await Expect(page.Answer).ToContainTextAsync("One bold answer.");
        await page.PressButtonAsync("New chat");
        await page.SayAsync("Second");
        await Expect(page.Answer).ToContainTextAsync("Another one.");
        await page.Page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => true)");

        await page.Page.Context.SetOfflineAsync(true);
        await page.ReloadAsync();

        await Expect(page.Answer).ToContainTextAsync("Another one.");
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "First" }).ClickAsync();
        await Expect(page.Answer.Locator("strong")).ToHaveTextAsync("bold");
        await page.PressAsync("Control+k");
        await page.Dialog.GetByRole(AriaRole.Combobox).FillAsync("another");
        await Expect(page.Dialog.GetByRole(AriaRole.Option)).ToContainTextAsync(["Second"]);
        await page.PressAsync("Escape");
        await page.PressButtonAsync("Settings");
        await page.Page.GetByText("Deutsch", new() { Exact = true }).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Textbox, new() { Name = "Nachricht" })).ToBeVisibleAsync();
        Assert.Empty(page.Errors);
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

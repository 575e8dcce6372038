using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>Signing in to the real server with a real browser, at the test's own issuer.</summary>
[Trait("Category", "Browser")]
public sealed class SignInTests(Chrome chrome) : SignInBench(chrome)
{
    [Fact]
    public async Task User_signs_in_chats_and_signs_out_and_no_token_is_stored_anywhere()
    {
        Model.Says("Hello Ada.").Says("Hello again.");
        await Expect(Page.Title()).ToHaveTextAsync("Sign in to chat");
        await Expect(Page.Message).ToHaveCountAsync(0);

        await Page.SignInAsync("ada");
        await Page.SayAsync("Hello");
        await Expect(Page.Answer).ToContainTextAsync("Hello Ada.");
        await Expect(Page.Page.GetByText("ada@example.com")).ToBeVisibleAsync();
        await Page.SayAsync("Hello once more");
        await Expect(Page.Answer).ToContainTextAsync("Hello again.");
        Assert.Equal(1, Issuer.RefreshTokens);
        await AssertNothingSecretIsStoredAsync();

        await Page.SignOut().ClickAsync();
        await Expect(Page.Title()).ToHaveTextAsync("Sign in to chat");
        Assert.Equal(0, Issuer.RefreshTokens);
        await AssertNothingSecretIsStoredAsync();
        Assert.Empty(Page.Errors);
    }

    [Fact]
    public async Task Reload_signs_in_silently_and_returns_to_the_same_chat()
    {
        Model.Says("Hello Ada.");
        await Page.SignInAsync("ada");
        await Page.SayAsync("Hello");
        await Expect(Page.Answer).ToContainTextAsync("Hello Ada.");
        var address = Page.Page.Url;

        await Page.ReloadAsync();

        await Expect(Page.Answer).ToContainTextAsync("Hello Ada.");
        await Expect(Page.Page).ToHaveURLAsync(address);
        await Expect(Page.SignOut()).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Reload_asks_the_user_when_the_issuer_no_longer_knows_them()
    {
        await Page.SignInAsync("ada");
        await Expect(Page.Message).ToBeVisibleAsync();

        await Page.Page.Context.ClearCookiesAsync();
        await Page.ReloadAsync();

        await Expect(Page.Title()).ToHaveTextAsync("Sign in to chat");
        Assert.Equal("/", new Uri(Page.Page.Url).PathAndQuery);
    }

    [Fact]
    public async Task User_without_access_sees_why_and_can_use_another_account()
    {
        await Page.SignInAsync("eve");
        await Expect(Page.Title()).ToHaveTextAsync("No access");
        await Expect(Page.Page.GetByText("You are signed in as eve@example.com.")).ToBeVisibleAsync();
        await Expect(Page.Page.GetByText("not allowed to use this server").Last).ToBeVisibleAsync();
        Assert.Empty(await Page.AxeAsync());

        await Page.SignInAsync("bob");

        await Expect(Page.Message).ToBeVisibleAsync();
        await Expect(Page.Page.GetByText("bob@example.com")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Next_user_of_the_browser_finds_nothing_of_the_previous_one()
    {
        Model.Says("Hello Ada.");
        await Page.SignInAsync("ada");
        await Page.SayAsync("A secret of mine");
        await Expect(Page.Answer).ToContainTextAsync("Hello Ada.");
        await Page.PressButtonAsync("New chat");
        await Page.Message.FillAsync("A draft of mine");
        await Page.SignOut().ClickAsync();

        await Page.SignInAsync("bob");
        await Expect(Page.Message).ToHaveValueAsync("");
        await Expect(Page.Page.GetByText("Your chats will appear here.")).ToBeVisibleAsync();
        await Page.SignOut().ClickAsync();
        await Page.SignInAsync("ada");

        await Expect(Page.Page.GetByText("A secret of mine").First).ToBeVisibleAsync();
        await Expect(Page.Message).ToHaveValueAsync("A draft of mine");
    }

    [Fact]
    public async Task Page_that_opens_without_a_connection_shows_the_stored_chats_and_signs_in_when_it_is_back()
    {
        Model.Says("Hello Ada.").Says("Hello again.");
        await using var page = await OpenInstalledAsync();
        await page.Page.Context.SetOfflineAsync(true);
        await page.ReloadAsync();

        await Expect(page.Answer).ToContainTextAsync("Hello Ada.");
        await Expect(page.Page.GetByText("You're offline and see the chats that this browser has stored.")).ToBeVisibleAsync();
        await Expect(page.SignOut()).ToHaveCountAsync(0);
        Assert.Empty(await page.AxeAsync());

        await page.Message.FillAsync("Hello once more");
        await page.Page.Context.SetOfflineAsync(false);
        await Expect(page.SignOut()).ToBeVisibleAsync();
        await Expect(page.Message).ToHaveValueAsync("Hello once more");
        await page.Message.PressAsync("Enter");
        await Expect(page.Answer).ToContainTextAsync("Hello again.");
        await Expect(page.Questions).ToHaveCountAsync(2);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Page_that_opens_without_a_connection_after_a_sign_out_shows_no_chat()
    {
        Model.Says("Hello Ada.");
        await using var page = await OpenInstalledAsync();
        await page.SignOut().ClickAsync();
        await Expect(page.Title()).ToHaveTextAsync("Sign in to chat");
        await page.Page.Context.SetOfflineAsync(true);

        await page.ReloadAsync();

        await Expect(page.Page.GetByText("FuncChat's server can't be reached.")).ToBeVisibleAsync();
        await Expect(page.Page.GetByText("Hello")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Page_stays_at_its_sign_in_when_the_user_cancels()
    {
        await Page.SignInAsync("");

        await Expect(Page.Title()).ToHaveTextAsync("Sign in to chat");
        await Expect(Page.Continue()).ToBeEnabledAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Axe_finds_no_violation_in_the_sign_in(ColorScheme colors, int width)
    {
        await using var page = await Chrome.OpenAsync(Server.Address, colors, width);
        await Expect(page.Continue()).ToBeInViewportAsync();

        Assert.Empty(await page.AxeAsync());
        await page.BecomesDarkAsync(colors == ColorScheme.Dark);
    }

    /// <summary>A page with Ada's chat that can open without a network.</summary>
    private async Task<ChatPage> OpenInstalledAsync()
    {
        var page = await Chrome.OpenAsync(Relay.Address, keepsFiles: true);
        await page.SignInAsync("ada");
        await page.SayAsync("Hello");
        await Expect(page.Answer).ToContainTextAsync("Hello Ada.");
        await page.Page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => true)");
        return page;
    }

    private async Task AssertNothingSecretIsStoredAsync()
    {
        var kept = await Page.AllKeptAsync();
        Assert.Contains("funcchat.signin", kept, StringComparison.Ordinal);
        Assert.True(Issuer.Secrets.Count >= 4);
        Assert.DoesNotContain(Issuer.Secrets, secret => kept.Contains(secret, StringComparison.Ordinal));
        Assert.DoesNotContain("ada@", kept, StringComparison.Ordinal);
    }
}

using FuncChat.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>Signing in to the real server with a real browser, at the test's own issuer.</summary>
[Trait("Category", "Browser")]
public sealed class SignInTests(Chrome chrome) : IClassFixture<Chrome>, IAsyncLifetime
{
    private SignInIssuer _issuer = null!;
    private ScriptedModelServer _model = null!;
    private PageServer _server = null!;
    private TcpRelay _relay = null!;
    private ChatPage _page = null!;

    public async Task InitializeAsync()
    {
        _issuer = await SignInIssuer.StartAsync();
        _model = await ScriptedModelServer.StartAsync();
        _server = await PageServer.StartAsync(
            ("FuncChat__Auth__Providers__test-issuer__Authority", _issuer.Address), ("FuncChat__Auth__Providers__test-issuer__Audience", OpenIdIssuer.Audience),
            ("ALLOWED_EMAILS", "ada@example.com,bob@example.com"),
            ("FuncChat__Providers__scripted__Url", _model.BaseUrl), ("FuncChat__Providers__scripted__Models", "actor"));
        _relay = new TcpRelay(_server.Address);
        _page = await chrome.OpenAsync(_relay.Address);
    }

    public async Task DisposeAsync()
    {
        await _page.DisposeAsync();
        await _relay.DisposeAsync();
        await _server.DisposeAsync();
        await _model.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task User_signs_in_chats_and_signs_out_and_no_token_is_stored_anywhere()
    {
        _model.Says("Hello Ada.").Says("Hello again.");
        await Expect(_page.Title()).ToHaveTextAsync("Sign in to chat");
        await Expect(_page.Message).ToHaveCountAsync(0);

        await _page.SignInAsync("ada");
        await _page.SayAsync("Hello");
        await Expect(_page.Answer).ToContainTextAsync("Hello Ada.");
        await Expect(_page.Page.GetByText("ada@example.com")).ToBeVisibleAsync();
        await _page.SayAsync("Hello once more");
        await Expect(_page.Answer).ToContainTextAsync("Hello again.");
        Assert.Equal(1, _issuer.RefreshTokens);
        await AssertNothingSecretIsStoredAsync();

        await _page.SignOut().ClickAsync();
        await Expect(_page.Title()).ToHaveTextAsync("Sign in to chat");
        Assert.Equal(0, _issuer.RefreshTokens);
        await AssertNothingSecretIsStoredAsync();
        Assert.Empty(_page.Errors);
    }

    [Fact]
    public async Task Reload_signs_in_silently_and_returns_to_the_same_chat()
    {
        _model.Says("Hello Ada.");
        await _page.SignInAsync("ada");
        await _page.SayAsync("Hello");
        await Expect(_page.Answer).ToContainTextAsync("Hello Ada.");
        var address = _page.Page.Url;

        await _page.ReloadAsync();

        await Expect(_page.Answer).ToContainTextAsync("Hello Ada.");
        await Expect(_page.Page).ToHaveURLAsync(address);
        await Expect(_page.SignOut()).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Reload_asks_the_user_when_the_issuer_no_longer_knows_them()
    {
        await _page.SignInAsync("ada");
        await Expect(_page.Message).ToBeVisibleAsync();

        await _page.Page.Context.ClearCookiesAsync();
        await _page.ReloadAsync();

        await Expect(_page.Title()).ToHaveTextAsync("Sign in to chat");
        Assert.Equal("/", new Uri(_page.Page.Url).PathAndQuery);
    }

    [Fact]
    public async Task Token_is_renewed_before_it_expires()
    {
        _issuer.NextToken(("exp", _issuer.In(200)));
        _model.Says("Hello Ada.");

        await _page.SignInAsync("ada");
        await _page.SayAsync("Hello");

        await Expect(_page.Answer).ToContainTextAsync("Hello Ada.");
        Assert.Equal(1, _issuer.Renewals);
    }

    [Fact]
    public async Task Token_that_the_api_rejects_is_renewed_once_silently()
    {
        _issuer.NextToken(("nbf", _issuer.In(600)));
        _model.Says("Hello Ada.");

        await _page.SignInAsync("ada");
        await _page.SayAsync("Hello");

        await Expect(_page.Answer).ToContainTextAsync("Hello Ada.");
        Assert.Equal(1, _issuer.Renewals);
    }

    [Fact]
    public async Task Page_shows_why_when_the_api_rejects_every_token()
    {
        _issuer.NextToken(("aud", "another-page"));
        _issuer.NextToken(("aud", "another-page"));

        await _page.SignInAsync("ada");

        await Expect(_page.Page.GetByText("The token was issued for another application.")).ToBeVisibleAsync();
        Assert.Equal(1, _issuer.Renewals);
    }

    [Fact]
    public async Task Answer_and_draft_survive_a_sign_in_that_expires_in_the_middle_of_a_turn()
    {
        var goOn = new ManualSignal();
        _model.Answers(answer => answer.Text("Before the end").WaitFor(goOn).Text(", and after it.").Ends());
        await _page.SignInAsync("ada");
        await _page.SayAsync("Tell me.");
        await Expect(_page.Answer).ToContainTextAsync("Before the end");
        await _page.Message.FillAsync("Half a thought");

        _issuer.Renews = false;
        await _page.Page.EvaluateAsync("() => { const now = Date.now; Date.now = () => now() + 2 * 60 * 60 * 1000; }");
        _relay.Cut();
        await Expect(_page.Page.GetByText("Your sign-in has expired.")).ToBeVisibleAsync();
        await Expect(_page.Title()).ToBeFocusedAsync();
        Assert.Empty(await _page.AxeAsync());
        await _page.Continue().ClickAsync();
        goOn.Set();

        await Expect(_page.Answer).ToContainTextAsync("Before the end, and after it.");
        await Expect(_page.Message).ToHaveValueAsync("Half a thought");
        Assert.Single(_model.Requests);
        Assert.Empty(_page.Errors);
    }

    [Fact]
    public async Task User_without_access_sees_why_and_can_use_another_account()
    {
        await _page.SignInAsync("eve");
        await Expect(_page.Title()).ToHaveTextAsync("No access");
        await Expect(_page.Page.GetByText("You are signed in as eve@example.com.")).ToBeVisibleAsync();
        await Expect(_page.Page.GetByText("not allowed to use this server").Last).ToBeVisibleAsync();
        Assert.Empty(await _page.AxeAsync());

        await _page.SignInAsync("bob");

        await Expect(_page.Message).ToBeVisibleAsync();
        await Expect(_page.Page.GetByText("bob@example.com")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Next_user_of_the_browser_finds_nothing_of_the_previous_one()
    {
        _model.Says("Hello Ada.");
        await _page.SignInAsync("ada");
        await _page.SayAsync("A secret of mine");
        await Expect(_page.Answer).ToContainTextAsync("Hello Ada.");
        await _page.PressButtonAsync("New chat");
        await _page.Message.FillAsync("A draft of mine");
        await _page.SignOut().ClickAsync();

        await _page.SignInAsync("bob");
        await Expect(_page.Message).ToHaveValueAsync("");
        await Expect(_page.Page.GetByText("Your chats will appear here.")).ToBeVisibleAsync();
        await _page.SignOut().ClickAsync();
        await _page.SignInAsync("ada");

        await Expect(_page.Page.GetByText("A secret of mine").First).ToBeVisibleAsync();
        await Expect(_page.Message).ToHaveValueAsync("A draft of mine");
    }

    [Fact]
    public async Task Page_stays_at_its_sign_in_when_the_user_cancels()
    {
        await _page.SignInAsync("");

        await Expect(_page.Title()).ToHaveTextAsync("Sign in to chat");
        await Expect(_page.Continue()).ToBeEnabledAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Axe_finds_no_violation_in_the_sign_in(ColorScheme colors, int width)
    {
        await using var page = await chrome.OpenAsync(_server.Address, colors, width);
        await Expect(page.Continue()).ToBeInViewportAsync();

        Assert.Empty(await page.AxeAsync());
        await page.BecomesDarkAsync(colors == ColorScheme.Dark);
    }

    private async Task AssertNothingSecretIsStoredAsync()
    {
        var kept = await _page.AllKeptAsync();
        Assert.Contains("funcchat.signin", kept, StringComparison.Ordinal);
        Assert.True(_issuer.Secrets.Count >= 4);
        Assert.DoesNotContain(_issuer.Secrets, secret => kept.Contains(secret, StringComparison.Ordinal));
        Assert.DoesNotContain("ada@", kept, StringComparison.Ordinal);
    }
}

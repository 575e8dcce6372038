using FuncChat.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>Ada shares a chat by a link, and others open the link.</summary>
[Trait("Category", "Browser")]
public sealed class SharingTests(Chrome chrome) : IClassFixture<Chrome>, IAsyncLifetime
{
    private SignInIssuer _issuer = null!;
    private ScriptedModelServer _model = null!;

    public async Task InitializeAsync()
    {
        _issuer = await SignInIssuer.StartAsync();
        _model = await ScriptedModelServer.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _model.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task Another_user_reads_a_shared_chat_and_continues_it_in_a_chat_of_the_own()
    {
        await using var server = await StartAsync();
        await using var ada = await chrome.OpenAsync(server);
        await ada.SignInAsync("ada");
        _model.Says("The **moon** pulls the sea.").Says("A private answer.").Says("The sun pulls too.");
        await ada.SayAsync("Why are there tides?");
        await Expect(ada.Answer).ToContainTextAsync("moon");
        var link = await ShareAsync(ada, "Why are there tides?");
        await ada.SayAsync("A private question.");
        await Expect(ada.Answer).ToContainTextAsync("A private answer.");

        await using var bob = await chrome.OpenAsync(new Uri(link));
        await bob.SignInAsync("bob");

        await Expect(bob.Questions).ToContainTextAsync(["Why are there tides"]);
        await Expect(bob.Answer.Locator("strong")).ToHaveTextAsync("moon");
        await Expect(bob.Message).ToHaveCountAsync(0);
        await Expect(bob.Page.GetByRole(AriaRole.Button, new() { Name = "Regenerate" })).ToHaveCountAsync(0);
        Assert.DoesNotContain("private", await bob.Page.Locator("body").InnerTextAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("ada@", await bob.Page.Locator("body").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(await bob.AxeAsync());

        await bob.PressButtonAsync("Continue in a chat of my own");
        await bob.SayAsync("And the sun?");

        await Expect(bob.Answer).ToContainTextAsync("The sun pulls too.");
        Assert.Contains("The **moon** pulls the sea.", _model.Requests[^1].Body.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("private", _model.Requests[^1].Body.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(ada.Errors);
        Assert.Empty(bob.Errors);
    }

    [Fact]
    public async Task Link_is_updated_and_stopped_by_its_owner()
    {
        await using var server = await StartAsync();
        await using var ada = await chrome.OpenAsync(server);
        await ada.SignInAsync("ada");
        _model.Says("First answer.").Says("Second answer.");
        await ada.SayAsync("First question");
        await Expect(ada.Answer).ToContainTextAsync("First answer.");
        var link = await ShareAsync(ada, "First question");
        await ada.SayAsync("Second question");
        await Expect(ada.Answer).ToContainTextAsync("Second answer.");
        await using var bob = await chrome.OpenAsync(new Uri(link));
        await bob.SignInAsync("bob");
        await Expect(bob.Answer).ToContainTextAsync("First answer.");

        await OpenDialogAsync(ada, "First question");
        await Expect(ada.Dialog).ToContainTextAsync("Update it to show what you see now");
        Assert.Empty(await ada.AxeAsync());
        await ada.PressButtonAsync("Update link");
        await Expect(ada.Dialog).Not.ToContainTextAsync("Update it to show");
        await bob.ReloadAsync();
        await Expect(bob.Answer).ToContainTextAsync("Second answer.");
        Assert.Equal(link, await LinkOf(ada).InputValueAsync());

        await ada.PressButtonAsync("Stop sharing");
        await Expect(ada.Page.GetByRole(AriaRole.Button, new() { Name = "Create link" })).ToBeVisibleAsync();
        await bob.ReloadAsync();
        await Expect(bob.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no such link.");
    }

    [Fact]
    public async Task Settings_list_the_shared_chats_and_stop_sharing_them()
    {
        await using var server = await StartAsync();
        await using var ada = await chrome.OpenAsync(server);
        await ada.SignInAsync("ada");
        _model.Says("Hello.");
        await ada.SayAsync("Greet me");
        await Expect(ada.Answer).ToContainTextAsync("Hello.");
        var link = await ShareAsync(ada, "Greet me");

        await ada.PressButtonAsync("Settings");
        var shared = ada.Dialog.GetByRole(AriaRole.List, new() { Name = "Shared chats" });
        await Expect(shared.GetByRole(AriaRole.Link)).ToHaveAttributeAsync("href", link);
        await ada.PressButtonAsync("Stop sharing Greet me");

        await Expect(shared).ToHaveCountAsync(0);
        await using var bob = await chrome.OpenAsync(new Uri(link));
        await bob.SignInAsync("bob");
        await Expect(bob.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no such link.");
    }

    [Fact]
    public async Task Anyone_reads_a_shared_chat_without_signing_in_where_the_server_allows_it()
    {
        await using var server = await StartAsync(("FuncChat__Threads__Sharing", "Anyone"));
        await using var ada = await chrome.OpenAsync(server);
        await ada.SignInAsync("ada");
        _model.Says("Hello, ![leak](https://tracker.example/x.png) <img src=x onerror=\"window.canary=1\">").Says("Continued.");
        await ada.SayAsync("Greet me");
        await Expect(ada.Answer).ToContainTextAsync("Hello,");
        var link = await ShareAsync(ada, "Greet me");

        await using var stranger = await chrome.OpenAsync(new Uri(server.Address, "about:blank"));
        var requests = new List<string>();
        stranger.Page.Request += (_, request) => requests.Add(request.Url);
        await stranger.OpenAsync(new Uri(link));
        await Expect(stranger.Answer).ToContainTextAsync("Hello,");
        Assert.Null(await stranger.CanaryAsync());
        Assert.DoesNotContain(requests, url => url.Contains("tracker", StringComparison.Ordinal));
        Assert.Empty(await stranger.AxeAsync());

        await stranger.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in to continue this chat" }).ClickAsync();
        await stranger.SignInAsync("bob");
        await Expect(stranger.Answer).ToContainTextAsync("Hello,");
        await stranger.SayAsync("Continue, please");
        await Expect(stranger.Answer).ToContainTextAsync("Continued.");
        Assert.Empty(stranger.Errors);
    }

    [Fact]
    public async Task Message_can_be_sent_only_to_the_copy_of_a_shared_chat_that_is_continued_after_the_sign_in()
    {
        await using var server = await StartAsync(("FuncChat__Threads__Sharing", "Anyone"));
        await using var ada = await chrome.OpenAsync(server);
        await ada.SignInAsync("ada");
        _model.Says("Hello.").Says("Continued.");
        await ada.SayAsync("Greet me");
        await Expect(ada.Answer).ToContainTextAsync("Hello.");
        var link = await ShareAsync(ada, "Greet me");
        await using var bob = await chrome.OpenAsync(new Uri(link));
        await Expect(bob.Answer).ToContainTextAsync("Hello.");
        var (asked, goOn) = (new ManualSignal(), new ManualSignal());
        await bob.Page.RouteAsync("**/api/shared/**", async route =>
        {
            asked.Set();
            await goOn.WaitAsync();
            await route.ContinueAsync();
        });

        await bob.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in to continue this chat" }).ClickAsync();
        await bob.SignInAsync("bob");
        await asked.WaitAsync();
        await Expect(bob.SignOut()).ToBeVisibleAsync();
        await Expect(bob.Page.GetByText("Loading the shared chat…")).ToBeVisibleAsync();
        await Expect(bob.Message).ToHaveCountAsync(0);
        goOn.Set();

        await bob.SayAsync("Continue, please");
        await Expect(bob.Answer).ToContainTextAsync("Continued.");
        await Expect(bob.Questions).ToContainTextAsync(["Greet me", "Continue, please"]);
        await bob.BackAsync();
        await Expect(bob.Page.GetByRole(AriaRole.Button, new() { Name = "Continue in a chat of my own" })).ToBeVisibleAsync();
        await Expect(bob.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link).Filter(new() { HasText = "Greet me" })).ToHaveCountAsync(1);
        Assert.Empty(bob.Errors);
    }

    private static ILocator LinkOf(ChatPage page) => page.Dialog.GetByLabel("Link", new() { Exact = true });

    private static async Task OpenDialogAsync(ChatPage page, string title)
    {
        var actions = page.Page.GetByRole(AriaRole.Button, new() { Name = $"Actions for {title}" });
        await actions.ClickAsync();
        await page.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Share…" }).ClickAsync();
    }

    private static async Task<string> ShareAsync(ChatPage page, string title)
    {
        await OpenDialogAsync(page, title);
        await page.PressButtonAsync("Create link");
        var link = await LinkOf(page).InputValueAsync();
        await page.PressAsync("Escape");
        return link;
    }

    private Task<PageServer> StartAsync(params (string Name, string Value)[] settings) => PageServer.StartAsync([
        ("FuncChat__Auth__Providers__test-issuer__Authority", _issuer.Address), ("FuncChat__Auth__Providers__test-issuer__Audience", OpenIdIssuer.Audience),
        ("ALLOWED_EMAILS", "ada@example.com,bob@example.com"),
        ("FuncChat__Providers__scripted__Url", _model.BaseUrl), ("FuncChat__Providers__scripted__Models", "actor"), ("FuncChat__Threads__TitleModel", "none"), .. settings,
    ]);
}

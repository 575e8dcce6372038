using FuncChat.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>What administrators and approvers see on the page.</summary>
[Trait("Category", "Browser")]
public sealed class AdminTests(Chrome chrome) : IClassFixture<Chrome>, IAsyncLifetime
{
    private const string BossKey = "fchat_boss";

    private SignInIssuer _issuer = null!;
    private ScriptedModelServer _model = null!;
    private PageServer _server = null!;
    private ChatPage _user = null!;

    public async Task InitializeAsync()
    {
        _issuer = await SignInIssuer.StartAsync();
        _model = await ScriptedModelServer.StartAsync();
        _server = await PageServer.StartAsync(
            ("FuncChat__Auth__Providers__test-issuer__Authority", _issuer.Address), ("FuncChat__Auth__Providers__test-issuer__Audience", OpenIdIssuer.Audience),
            ("ALLOWED_EMAILS", "ada@example.com,bob@example.com"), ("FuncChat__Auth__ApiKeys__boss__Hash", GuardedServer.HashOf(BossKey)),
            ("FuncChat__Approvals__Approvers", "key:boss"), ("FuncChat__Budgets__Administrators", "key:boss"), ("FuncChat__Approvals__Always", "execute_javascript"),
            ("FuncChat__Prices__all__Model", "*"), ("FuncChat__Prices__all__Input", "100"), ("FuncChat__Prices__all__Output", "100"),
            ("FuncChat__Providers__scripted__Url", _model.BaseUrl), ("FuncChat__Providers__scripted__Models", "actor"), ("FuncChat__Threads__TitleModel", "none"));
        _user = await chrome.OpenAsync(_server);
        await _user.SignInAsync("ada");
    }

    public async Task DisposeAsync()
    {
        await _user.DisposeAsync();
        await _server.DisposeAsync();
        await _model.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task Administrator_reads_the_usage_of_all_users_by_month_and_downloads_it()
    {
        _model.Says("Hello.");
        await _user.SayAsync("Greet me");
        await Expect(_user.Answer).ToContainTextAsync("Hello.");
        await using var boss = await OpenAsBossAsync();

        await boss.PressButtonAsync("Usage of all users");
        var table = boss.Page.GetByRole(AriaRole.Table);
        await Expect(table.GetByRole(AriaRole.Rowheader, new() { Name = "ada@example.com" })).ToBeVisibleAsync();
        await Expect(table.GetByRole(AriaRole.Row).Last).ToContainTextAsync("USD");
        Assert.Empty(await boss.AxeAsync());

        var download = await boss.Page.RunAndWaitForDownloadAsync(() => boss.PressButtonAsync("Download CSV"));
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "usage.csv");
        await download.SaveAsAsync(file);
        Assert.Contains("ada@example.com", await File.ReadAllTextAsync(file), StringComparison.Ordinal);

        await boss.PressButtonAsync("Previous month");
        await Expect(boss.Page.GetByText("No user has used anything in this month.")).ToBeVisibleAsync();
        Assert.Empty(boss.Errors);
    }

    [Fact]
    public async Task Approver_sees_the_calls_of_others_and_approves_and_denies_them()
    {
        await using var boss = await OpenAsBossAsync();
        await boss.PressButtonAsync("Approvals");
        await Expect(boss.Page.GetByText("No tool call waits for an approval.")).ToBeVisibleAsync();
        _model.Calls(("execute_javascript", """{"code":"6 * 7"}""")).Says("It is 42.").Calls(("execute_javascript", """{"code":"1 / 0"}""")).Says("Not allowed, then.");
        await _user.SayAsync("What is 6 times 7?");
        await Expect(_user.Conversation).ToContainTextAsync("approve");

        await boss.PressButtonAsync("Refresh");
        var card = boss.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Listitem);
        await Expect(card).ToContainTextAsync("In a chat of ada@example.com");
        await Expect(card).ToContainTextAsync("6 * 7");
        Assert.Empty(await boss.AxeAsync());
        await boss.PressButtonAsync("Approve");
        await Expect(card).ToHaveCountAsync(0);
        await Expect(_user.Answer).ToContainTextAsync("It is 42.");

        await _user.SayAsync("And 1 divided by 0?");
        await Expect(_user.Answer).ToContainTextAsync("approve");
        await boss.PressButtonAsync("Refresh");
        await Expect(card).ToContainTextAsync("1 / 0");
        await boss.PressButtonAsync("Deny");
        await boss.Field("Reason (optional, the model reads it)").FillAsync("Not today.");
        await boss.PressButtonAsync("Deny");

        await Expect(card).ToHaveCountAsync(0);
        await Expect(_user.Answer).ToContainTextAsync("Not allowed, then.");
        Assert.Contains("Not today.", _model.Requests[^1].Body.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(boss.Errors);
    }

    [Fact]
    public async Task User_without_a_role_has_neither_page()
    {
        await _user.PressButtonAsync("Settings");
        await _user.PressAsync("Escape");
        await Expect(_user.Page.GetByRole(AriaRole.Button, new() { Name = "Usage of all users" })).ToHaveCountAsync(0);
        await Expect(_user.Page.GetByRole(AriaRole.Button, new() { Name = "Approvals" })).ToHaveCountAsync(0);

        await _user.Page.EvaluateAsync("() => { location.hash = '#/usage'; }");
        await Expect(_user.Page.GetByText("Only administrators of this server see this page.")).ToBeVisibleAsync();
        await _user.Page.EvaluateAsync("() => { location.hash = '#/approvals'; }");
        await Expect(_user.Page.GetByText("Only approvers of this server see this page.")).ToBeVisibleAsync();
        await Expect(_user.Title()).Not.ToHaveTextAsync("No access");
    }

    // Only Entra's tokens have roles, so the requests of this browser have an API key that has them.
    private async Task<ChatPage> OpenAsBossAsync()
    {
        var boss = await chrome.OpenAsync(new Uri("about:blank"));
        await boss.Page.RouteAsync("**/api/**", route =>
        {
            var headers = new Dictionary<string, string>(route.Request.Headers, StringComparer.OrdinalIgnoreCase);
            if (headers.ContainsKey("authorization"))
                headers["authorization"] = $"Bearer {BossKey}";
            return route.ContinueAsync(new() { Headers = headers });
        });
        await boss.OpenAsync(_server.Address);
        await boss.SignInAsync("bob");
        return boss;
    }
}

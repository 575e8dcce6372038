using FuncChat.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>examples/browser in Chromium, from an origin of its own.</summary>
[Trait("Category", "Browser")]
public sealed class BrowserExampleTests(Chrome chrome) : IClassFixture<Chrome>, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new();
    private ScriptedWebServer _web = null!;
    private LocalServer _server = null!;
    private TcpRelay _relay = null!;

    public async Task InitializeAsync()
    {
        _web = await ScriptedWebServer.StartAsync();
        _web.On("/index.html", await File.ReadAllTextAsync(Repository.PathOf("examples", "browser", "index.html")));
        _server = await LocalServer.StartAsync(
            _folder.Path, _model.Catalog, null, ("FuncChat:Cors:Origins", _web.Url.GetLeftPart(UriPartial.Authority)));
        _relay = new TcpRelay(_server.Http.BaseAddress!);
    }

    public async Task DisposeAsync()
    {
        await _relay.DisposeAsync();
        await _server.DisposeAsync();
        await _web.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Page_resumes_after_a_lost_connection()
    {
        var feed = new ModelFeed();
        _model.Plays(feed);
        await using var chat = await chrome.OpenAsync(new Uri(_web.Url, $"index.html?server={_relay.Address.GetLeftPart(UriPartial.Authority)}"));
        var answer = chat.Page.Locator("#answer");
        await chat.Page.FillAsync("input", "Hello");
        await chat.Page.ClickAsync("button");
        feed.Give(FakeModel.Text("Half an "));
        await Expect(answer).ToHaveTextAsync("Half an ");

        _relay.Cut();
        feed.Give(FakeModel.Text("answer."));
        feed.End();

        await Expect(answer).ToHaveTextAsync("Half an answer.");
        Assert.Single(_model.Requests);
        Assert.Empty(chat.Errors);
    }
}

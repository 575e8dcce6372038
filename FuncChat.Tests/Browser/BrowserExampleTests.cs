using FuncChat.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
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

    [Fact]
    public async Task Page_asks_once_and_shows_the_status_when_the_answer_is_not_JSON()
    {
        _web.On("/api/chat", context =>
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            return context.Response.WriteAsync("<h1>Bad gateway</h1>", context.RequestAborted);
        });
        await using var chat = await AskAsync(_web.Url);

        await Expect(chat.Page.Locator("#answer")).ToContainTextAsync("status 502");
        Assert.Single(_web.Requests, "/api/chat");
    }

    [Fact]
    public async Task Page_gives_up_and_says_so_when_the_server_stays_unreachable()
    {
        await using var chat = await AskAsync(new("http://127.0.0.1:1"));

        await Expect(chat.Page.Locator("#answer")).ToContainTextAsync("The connection to the server is lost.");
        Assert.Empty(chat.Errors);
    }

    [Fact]
    public async Task Page_asks_once_when_showing_an_event_fails()
    {
        var (failed, repeated) = (new ManualSignal(), new ManualSignal());
        _web.On("/api/chat", context =>
        {
            if (_web.Requests.Count(path => path == "/api/chat") > 1)
                repeated.Set();
            context.Response.ContentType = "text/event-stream";
            return context.Response.WriteAsync("id: 1\nevent: complete\ndata: {}\n\n", context.RequestAborted);
        });
        await using var chat = await AskAsync(_web.Url, page => page.PageError += (_, _) => failed.Set());

        await Task.WhenAny(failed.WaitAsync(), repeated.WaitAsync());
        Assert.False(repeated.IsSet);
    }

    /// <summary>Asks a server in a page that waits for nothing.</summary>
    private async Task<ChatPage> AskAsync(Uri server, Action<IPage>? observe = null)
    {
        var chat = await chrome.OpenAsync(new Uri("about:blank"));
        observe?.Invoke(chat.Page);
        await chat.Page.AddInitScriptAsync("window.setTimeout = (action) => queueMicrotask(action)");
        await chat.OpenAsync(new Uri(_web.Url, $"index.html?server={server.GetLeftPart(UriPartial.Authority)}"));
        await chat.Page.FillAsync("input", "Hello");
        await chat.Page.ClickAsync("button");
        return chat;
    }
}

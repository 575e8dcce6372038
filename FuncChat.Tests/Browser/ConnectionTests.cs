using FuncChat.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>What a user sees when the connection to the server, or the server itself, fails in the middle of a turn.</summary>
[Trait("Category", "Browser")]
public sealed class ConnectionTests(Chrome chrome) : IClassFixture<Chrome>, IAsyncLifetime
{
    private ScriptedModelServer _model = null!;
    private PageProcess _server = null!;
    private TcpRelay _relay = null!;
    private ChatPage _page = null!;

    public async Task InitializeAsync()
    {
        _model = await ScriptedModelServer.StartAsync();
        _server = await PageProcess.StartAsync(
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
    }

    [Fact]
    public async Task Page_resumes_the_same_turn_when_the_connection_is_cut()
    {
        var goOn = new ManualSignal();
        _model.Answers(answer => answer.Text("Before the cut").WaitFor(goOn).Text(", and after it.").Ends());
        await _page.SayAsync("Tell me.");
        await Expect(_page.Answer).ToContainTextAsync("Before the cut");

        _relay.Cut();
        goOn.Set();

        await Expect(_page.Answer).ToContainTextAsync("Before the cut, and after it.");
        await Expect(_page.Send).ToBeVisibleAsync();
        await Expect(_page.ToastTitle).ToHaveCountAsync(0);
        Assert.Single(_model.Requests);
    }

    [Fact]
    public async Task Page_shows_that_it_reconnects_and_resumes_when_the_server_was_killed_and_restarted()
    {
        _model.Answers(answer => answer.Text("Before the crash").Stall()).Says("After the crash.");
        await _page.SayAsync("Tell me.");
        await Expect(_page.Answer).ToContainTextAsync("Before the crash");

        await _server.KillAsync();
        await Expect(_page.Answer.GetByText("Reconnecting")).ToBeVisibleAsync();
        await _server.StartAgainAsync();
        _relay.Target = _server.Address;

        await Expect(_page.Answer).ToContainTextAsync("After the crash.");
        await Expect(_page.Answer).Not.ToContainTextAsync("Before the crash");
        await Expect(_page.Send).ToBeVisibleAsync();
        await Expect(_page.Questions).ToHaveCountAsync(1);
        Assert.Equal(2, _model.Requests.Count);
        Assert.Empty(_page.Errors);
    }

    [Fact]
    public async Task Page_finds_the_answer_that_ended_while_it_was_closed()
    {
        var goOn = new ManualSignal();
        _model.Answers(answer => answer.Text("Before").WaitFor(goOn).Text(" and while it was closed.").Ends());
        await _page.SayAsync("Tell me.");
        await Expect(_page.Answer).ToContainTextAsync("Before");

        await _page.OpenAsync(new Uri("about:blank"));
        goOn.Set();
        await _page.BackAsync();

        await Expect(_page.Answer).ToContainTextAsync("Before and while it was closed.");
        await Expect(_page.Send).ToBeVisibleAsync();
        Assert.Single(_model.Requests);
    }
}

using FuncChat.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>A turn seen from the page, against a model whose answers the test scripts.</summary>
[Trait("Category", "Browser")]
public sealed class TurnTests(Chrome chrome, ScriptedServer server) : IClassFixture<Chrome>, IClassFixture<ScriptedServer>, IAsyncLifetime
{
    private readonly ScriptedModelServer _model = server.Model;
    private readonly int _earlier = server.Model.Requests.Count;
    private ChatPage _page = null!;

    public async Task InitializeAsync() => _page = await chrome.OpenAsync(server.Address);

    public async Task DisposeAsync() => await _page.DisposeAsync();

    [Fact]
    public async Task Page_shows_text_while_the_model_is_still_writing()
    {
        var goOn = new ManualSignal();
        _model.Answers(answer => answer.Text("The first half").WaitFor(goOn).Text(" and the second.").Ends());

        await _page.SayAsync("Tell me.");

        await Expect(_page.Answer).ToContainTextAsync("The first half");
        await Expect(_page.Stop).ToBeVisibleAsync();
        goOn.Set();
        await Expect(_page.Answer).ToContainTextAsync("The first half and the second.");
        await Expect(_page.Send).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Stop_ends_the_model_call_and_keeps_the_text()
    {
        _model.Answers(answer => answer.Text("As far as I got").Stall());
        await _page.SayAsync("Tell me everything.");
        await Expect(_page.Answer).ToContainTextAsync("As far as I got");

        await _page.Stop.ClickAsync();

        var call = await _model.RequestAsync(_earlier);
        await call.Disconnected;
        await Expect(_page.Answer).ToContainTextAsync("As far as I got");
        await Expect(_page.Answer.GetByText("You stopped this answer.")).ToBeVisibleAsync();
        await Expect(_page.Send).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Escape_stops_the_answer()
    {
        _model.Answers(answer => answer.Text("As far as I got").Stall());
        await _page.SayAsync("Tell me everything.");
        await Expect(_page.Answer).ToContainTextAsync("As far as I got");

        await _page.PressAsync("Escape");

        await Expect(_page.Answer.GetByText("You stopped this answer.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Error_is_shown_once_and_in_the_answer()
    {
        _model.Fails(401, """{"error":{"message":"Incorrect API key provided"}}""");

        await _page.SayAsync("Tell me.");

        await Expect(_page.Answer.GetByRole(AriaRole.Note)).ToContainTextAsync("The key for provider scripted was refused.");
        await Expect(_page.Send).ToBeVisibleAsync();
        await Expect(_page.ToastTitle).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Try_again_asks_the_model_again_when_the_stream_was_cut()
    {
        var breakOff = new ManualSignal();
        _model.Answers(answer => answer.Text("Broken").WaitFor(breakOff).Abort()).Says("Whole again.");
        await _page.SayAsync("Tell me.");
        await Expect(_page.Answer).ToContainTextAsync("Broken");
        breakOff.Set();

        await _page.Answer.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();

        await Expect(_page.Answer).ToContainTextAsync("Whole again.");
        Assert.Equal("Tell me.", _model.Requests[^1].LastText());
    }

    [Fact]
    public async Task Page_resumes_the_same_turn_when_it_is_reloaded_in_the_middle()
    {
        var goOn = new ManualSignal();
        _model.Answers(answer => answer.Text("Before the reload").WaitFor(goOn).Text(", and after it.").Ends());
        await _page.SayAsync("Tell me.");
        await Expect(_page.Answer).ToContainTextAsync("Before the reload");

        await _page.ReloadAsync();
        await Expect(_page.Answer).ToContainTextAsync("Before the reload");
        await Expect(_page.Stop).ToBeVisibleAsync();
        goOn.Set();

        await Expect(_page.Answer).ToContainTextAsync("Before the reload, and after it.");
        await Expect(_page.Send).ToBeVisibleAsync();
        await Expect(_page.Questions).ToHaveCountAsync(1);
        Assert.Equal(_earlier + 1, _model.Requests.Count);
    }

    [Fact]
    public async Task Page_runs_nothing_that_an_answer_contains()
    {
        _model.Says("""<img src=x onerror="throw Error('ran')"><script>throw Error('ran')</script> [click](javascript:alert(1)) """, "and done.");

        await _page.SayAsync("Attack me.");

        await Expect(_page.Answer).ToContainTextAsync("and done.");
        await Expect(_page.Send).ToBeVisibleAsync();
        await Expect(_page.Answer.Locator("script, [onerror], a[href^='javascript']")).ToHaveCountAsync(0);
        Assert.Empty(_page.Errors);
    }
}

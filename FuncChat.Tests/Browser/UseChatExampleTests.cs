using FuncChat.Tests.Clients;
using FuncChat.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>examples/use-chat in Chromium, built and served by Vite.</summary>
[Trait("Category", "Browser")]
public sealed class UseChatExampleTests(Chrome chrome) : IClassFixture<Chrome>, IAsyncLifetime
{
    private const string Vite = "vite/bin/vite.js";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new();
    private LocalServer _server = null!;
    private ExampleFolder _example = null!;
    private NodeTool _vite = null!;
    private Uri _address = null!;

    public async Task InitializeAsync()
    {
        _server = await LocalServer.StartAsync(_folder.Path, _model.Catalog);
        _example = await ExampleFolder.CreateAsync("use-chat", _server.Http.BaseAddress!);
        var (exitCode, output) = await NodeTool.RunAsync(_example.Path, "node", Path.Combine("node_modules", Vite), "build");
        Assert.True(exitCode == 0, output);
        (_vite, var addresses) = await NodeTool.StartAsync(_example.Path, Vite, ["Local:"], "preview", "--host", "127.0.0.1", "--port", "0");
        _address = new Uri(addresses[0]);
    }

    public async Task DisposeAsync()
    {
        await _vite.DisposeAsync();
        _example.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Page_that_is_loaded_again_resumes_the_answer()
    {
        var feed = new ModelFeed();
        _model.Plays(feed);
        await using var chat = await chrome.OpenAsync(_address);
        var answer = chat.Page.Locator("section[aria-label=assistant] p");
        await chat.Page.FillAsync("input", "Hello");
        await chat.Page.ClickAsync("button");
        feed.Give(FakeModel.Text("Half an "));
        await Expect(answer).ToHaveTextAsync("Half an ");

        await chat.Page.ReloadAsync();
        await Expect(answer).ToHaveTextAsync("Half an ");
        feed.Give(FakeModel.Text("answer."));
        feed.End();

        await Expect(answer).ToHaveTextAsync("Half an answer.");
        Assert.Single(_model.Requests);
        Assert.Empty(chat.Errors);
    }
}

using FuncChat.Tests.Mcp;
using FuncChat.Tests.Mcp.SignIn;
using FuncChat.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>The user's sign-in to an MCP server, from the list of servers to the authorization server and back.</summary>
[Trait("Category", "Browser")]
public sealed class ServerSignInTests(Chrome chrome) : IClassFixture<Chrome>, IAsyncLifetime
{
    private ScriptedModelServer _model = null!;
    private ScriptedMcpServer _mcp = null!;
    private FakeAuthorization _authorization = null!;
    private PageServer _server = null!;
    private ChatPage _page = null!;

    public async Task InitializeAsync()
    {
        _model = await ScriptedModelServer.StartAsync();
        _mcp = (await ScriptedMcpServer.StartAsync()).Says("read", "Lunch at noon.", new() { ReadOnlyHint = true });
        _authorization = await FakeAuthorization.StartAsync(_mcp);
        _server = await PageServer.StartAsync(
            ("FuncChat__Providers__scripted__Url", _model.BaseUrl), ("FuncChat__Providers__scripted__Models", "actor"),
            ("FuncChat__Mcp__Servers__calendar__Url", _mcp.Url.AbsoluteUri));
        _page = await chrome.OpenAsync(_server.Address);
    }

    public async Task DisposeAsync()
    {
        await _page.DisposeAsync();
        await _server.DisposeAsync();
        await _authorization.DisposeAsync();
        await _mcp.DisposeAsync();
        await _model.DisposeAsync();
    }

    [Fact]
    public async Task User_signs_in_uses_a_tool_and_signs_out()
    {
        await _page.PressButtonAsync("Settings");
        var calendar = _page.Dialog.GetByRole(AriaRole.List, new() { Name = "Tool servers" }).GetByRole(AriaRole.Listitem);
        await Expect(calendar).ToContainTextAsync("Sign-in required");
        await _page.PressButtonAsync("Sign in to calendar");
        await calendar.GetByRole(AriaRole.Link, new() { Name = $"Continue at {new Uri(_authorization.Issuer).Authority}" }).ClickAsync();

        await Expect(_page.ToastTitle).ToHaveTextAsync("You are signed in to calendar.");
        Assert.Equal("#/", new Uri(_page.Page.Url).Fragment);
        _model.Calls(("calendar__read", "{}")).Says("Noon.");
        await _page.SayAsync("When is lunch?");
        await Expect(_page.Tool("Calendar read", "Complete")).ToBeVisibleAsync();

        await _page.PressButtonAsync("Settings");
        await Expect(calendar).ToContainTextAsync("Available");
        Assert.Empty(await _page.AxeAsync());
        await _page.PressButtonAsync("Sign out of calendar");
        await Expect(calendar).ToContainTextAsync("Sign-in required");
        Assert.Empty(_page.Errors);
    }
}

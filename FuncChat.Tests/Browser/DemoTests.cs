using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>What a new user sees on a server without settings.</summary>
[Trait("Category", "Browser")]
public sealed class DemoTests(Chrome chrome, DemoServer server) : IClassFixture<Chrome>, IClassFixture<DemoServer>
{
    [Fact]
    public async Task Page_shows_the_tool_run_and_the_answer_when_a_message_asks_for_javascript()
    {
        await using var page = await chrome.OpenAsync(server.Address);

        await page.SayAsync("Run JavaScript: [1, 2, 3].map(x => x * 14)");

        await Expect(page.Questions).ToContainTextAsync("Run JavaScript: [1, 2, 3].map(x => x * 14)");
        var tool = page.Tool("Run JavaScript", "Complete");
        await Expect(tool).ToBeVisibleAsync();
        await Expect(page.Send).ToBeVisibleAsync();
        await Expect(page.Answer).ToHaveAttributeAsync("aria-busy", "false");
        await Expect(page.Answer.Locator("p").Last).ToContainTextAsync("42");
        await tool.Locator("summary").ClickAsync();
        await Expect(tool.GetByText("Result", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Page_names_the_demo_model_as_a_demo()
    {
        await using var page = await chrome.OpenAsync(server.Address);

        await Expect(page.Model).ToHaveTextAsync("demo: scripted, not an AI");
    }
}

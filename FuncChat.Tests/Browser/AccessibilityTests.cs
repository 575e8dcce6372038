using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>What axe finds on the page, in the states that users see.</summary>
[Trait("Category", "Browser")]
public sealed class AccessibilityTests(Chrome chrome, DemoServer server) : IClassFixture<Chrome>, IClassFixture<DemoServer>
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Axe_finds_no_violation(ColorScheme colors, int width)
    {
        await using var page = await chrome.OpenAsync(server.Address, colors, width);
        await Expect(page.Model).ToBeVisibleAsync();
        Assert.Empty(await page.AxeAsync());

        await page.SayAsync("Run JavaScript: [1, 2, 3].map(x => x * 14)");
        await Expect(page.Send).ToBeVisibleAsync();
        await Expect(page.Answer).ToHaveAttributeAsync("aria-busy", "false");
        await page.OpenModelCallsAsync();
        await page.UnfoldAllAsync();
        Assert.Empty(await page.AxeAsync());

        await page.Model.ClickAsync();
        await Expect(page.Dialog).ToBeVisibleAsync();
        Assert.Empty(await page.AxeAsync());
        await page.PressAsync("Escape");
        await page.PressButtonAsync("Settings");
        await Expect(page.Dialog).ToBeVisibleAsync();
        Assert.Empty(await page.AxeAsync());
    }
}

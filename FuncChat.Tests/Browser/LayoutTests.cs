using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>Screens from a small phone to an ultra-wide one, in both colors.</summary>
[Trait("Category", "Browser")]
public sealed class LayoutTests(Chrome chrome, DemoServer server) : IClassFixture<Chrome>, IClassFixture<DemoServer>
{
    [Theory]
    [InlineData(360)]
    [InlineData(2560)]
    public async Task Page_fits_the_screen_whatever_an_answer_contains(int width)
    {
        await using var page = await chrome.OpenAsync(server.Address, ColorScheme.Light, width);

        await page.SayAsync($"Run JavaScript: '{new string('x', 400)}'");

        await Expect(page.Answer).ToHaveAttributeAsync("aria-busy", "false");
        await page.UnfoldAllAsync();
        await Expect(page.Send).ToBeInViewportAsync(new() { Ratio = 1 });
        await Expect(page.Model).ToBeInViewportAsync(new() { Ratio = 1 });
        Assert.Equal(0, await page.OverflowAsync());
    }

    [Fact]
    public async Task Theme_follows_the_system_until_the_user_chooses_and_the_choice_is_kept()
    {
        await using var page = await chrome.OpenAsync(server.Address, ColorScheme.Dark);
        await page.BecomesDarkAsync(true);

        await page.PressButtonAsync("Use light theme");

        await page.BecomesDarkAsync(false);
        await page.ReloadAsync();
        await Expect(page.Model).ToBeVisibleAsync();
        await page.BecomesDarkAsync(false);
    }
}

using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>The page for plans, with the demo model.</summary>
[Collection(ChromeTests.Name)]
[Trait("Category", "Browser")]
public sealed class PlanTests(Chrome chrome, DemoServer server)
{
    [Fact]
    public async Task Plan_is_refined_by_an_answer_and_handed_to_a_chat()
    {
        await using var page = await chrome.OpenAsync(server.Address);
        await page.PressButtonAsync("Plan");
        await page.Field("Question").FillAsync("How do tides work in narrow bays?");
        await page.Field("Question").PressAsync("Enter");
        await page.Field("What do you want the answer for?").FillAsync("For sailing.");
        Assert.Empty(await page.AxeAsync());

        await page.PressButtonAsync("Plan again with these answers");
        await Expect(page.Plan).ToContainTextAsync("You have answered my question");
        await page.PressButtonAsync("Answer this in a chat");

        await Expect(page.Questions).ToContainTextAsync("How do tides work in narrow bays?");
        await Expect(page.Questions).ToContainTextAsync("For sailing.");
        await Expect(page.Questions).ToContainTextAsync("a careful librarian");
        await Expect(page.Answer).ToHaveAttributeAsync("aria-busy", "false");
        Assert.Empty(page.Faults);
    }
}

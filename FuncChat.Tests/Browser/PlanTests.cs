using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>The page for plans, with the demo model.</summary>
[Trait("Category", "Browser")]
public sealed class PlanTests(Chrome chrome, DemoServer server) : IClassFixture<Chrome>, IClassFixture<DemoServer>
{
    [Fact]
    public async Task Plan_keeps_answers_over_a_reload_is_refined_by_them_and_runs_as_a_chat()
    {
        await using var page = await chrome.OpenAsync(server.Address);
        await page.PressButtonAsync("Plan");
        await page.Field("Question").FillAsync("How do tides work in narrow bays?");
        await page.Field("Question").PressAsync("Enter");
        await page.Field("What do you want the answer for?").FillAsync("For sailing.");
        Assert.Empty(await page.AxeAsync());

        await page.ReloadAsync();
        await Expect(page.Field("What do you want the answer for?")).ToHaveValueAsync("For sailing.");
        await page.PressButtonAsync("Refine the plan");
        await Expect(page.Plan).ToContainTextAsync("You have answered my question");
        await page.PressButtonAsync("Run in a chat");

        await Expect(page.Questions).ToContainTextAsync("How do tides work in narrow bays?");
        await Expect(page.Questions).ToContainTextAsync("For sailing.");
        await Expect(page.Questions).ToContainTextAsync("a careful librarian");
        await Expect(page.Answer).ToHaveAttributeAsync("aria-busy", "false");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Answers_that_were_typed_are_part_of_the_chat_that_runs_the_plan_which_is_shown_again_later()
    {
        await using var page = await chrome.OpenAsync(server.Address);
        await page.PressButtonAsync("Plan");
        await page.Field("Question").FillAsync("How do tides work in narrow bays?");
        await page.Field("Question").PressAsync("Enter");
        await page.Field("What do you want the answer for?").FillAsync("For rowing.");

        await page.PressButtonAsync("Run in a chat");

        await Expect(page.Questions).ToContainTextAsync("For rowing.");

        await page.PressButtonAsync("Plan");
        await page.Page.GetByRole(AriaRole.Region, new() { Name = "Earlier plans" }).GetByRole(AriaRole.Button, new() { Name = "How do tides" }).ClickAsync();
        await Expect(page.Plan).ToBeVisibleAsync();
        await Expect(page.Field("Question")).ToHaveValueAsync("How do tides work in narrow bays?");
    }

    [Fact]
    public async Task Answers_that_were_typed_are_back_when_an_earlier_plan_is_opened_after_another_one()
    {
        await using var page = await chrome.OpenAsync(server.Address);
        await page.PressButtonAsync("Plan");
        foreach (var (question, answer) in new[] { ("How do tides work?", "For sailing."), ("How do locks work?", "For rowing.") })
        {
            await page.Field("Question").FillAsync(question);
            await page.Field("Question").PressAsync("Enter");
            await Expect(page.Plan).ToContainTextAsync(question);
            await page.Field("What do you want the answer for?").FillAsync(answer);
        }

        await page.Region("Earlier plans").GetByRole(AriaRole.Button, new() { Name = "How do tides work?" }).ClickAsync();
        await Expect(page.Field("What do you want the answer for?")).ToHaveValueAsync("For sailing.");
        await page.Region("Earlier plans").GetByRole(AriaRole.Button, new() { Name = "How do locks work?" }).ClickAsync();
        await Expect(page.Field("What do you want the answer for?")).ToHaveValueAsync("For rowing.");
    }
}

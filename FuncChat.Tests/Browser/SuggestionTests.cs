using FuncChat.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>Suggestions of what to say next, which the model of the chat writes.</summary>
[Trait("Category", "Browser")]
public sealed class SuggestionTests(Chrome chrome) : IClassFixture<Chrome>
{
    [Fact]
    public async Task Suggestions_follow_the_last_answer_once_the_user_has_turned_them_on_and_one_press_sends_one()
    {
        await using var model = await ScriptedModelServer.StartAsync();
        await using var server = await PageServer.StartAsync(
            ("FuncChat__Providers__scripted__Url", model.BaseUrl), ("FuncChat__Providers__scripted__Models", "actor"));
        await using var page = await chrome.OpenAsync(server.Address);
        var suggestions = page.Page.GetByRole(AriaRole.List, new() { Name = "Suggestions" }).GetByRole(AriaRole.Button);
        model.Says("Twice a day.");
        await page.SayAsync("When does the tide rise?");
        await Expect(page.Answer).ToHaveAttributeAsync("aria-busy", "false");
        Assert.Single(model.Requests);

        await page.PressButtonAsync("Settings");
        await page.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Let the model suggest what to say next" }).CheckAsync();
        await page.PressAsync("Escape");
        model.Says("Because of the moon.").Says("1. How far is it?\n2. Does it move away?").Says("384,400 km.").Says("How big is it?");
        await page.SayAsync("And why?");

        await Expect(suggestions).ToHaveTextAsync(["How far is it?", "Does it move away?"]);
        Assert.Empty(await page.AxeAsync());
        await suggestions.First.ClickAsync();

        await Expect(page.Answer).ToContainTextAsync("384,400 km.");
        await Expect(page.Questions.Last).ToContainTextAsync("How far is it?");
        await Expect(suggestions).ToHaveTextAsync(["How big is it?"]);
        Assert.Equal(5, model.Requests.Count);
        Assert.Empty(page.Errors);
    }
}

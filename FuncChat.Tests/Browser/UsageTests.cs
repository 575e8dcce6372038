using FuncChat.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>Prices, costs, and budgets, on a server whose one user may raise them.</summary>
[Trait("Category", "Browser")]
public sealed class UsageTests(Chrome chrome) : IClassFixture<Chrome>
{
    [Fact]
    public async Task Page_shows_what_models_and_answers_cost_and_an_answer_waits_until_its_budget_is_raised()
    {
        await using var model = await ScriptedModelServer.StartAsync();
        await using var server = await PageServer.StartAsync(
            ("FuncChat__Providers__scripted__Url", model.BaseUrl), ("FuncChat__Providers__scripted__Models", "actor"),
            ("FuncChat__Prices__Currency", "EUR"), ("FuncChat__Prices__scripted__Model", "scripted:*"),
            ("FuncChat__Prices__scripted__Input", "1000"), ("FuncChat__Prices__scripted__Output", "2500"),
            ("FuncChat__Budgets__AppCostPerMonth", "1"));
        model.Answers(answer => answer.Text("A costly answer.").Ends("stop", 100, 340)).Says("An affordable answer.");
        await using var page = await chrome.OpenAsync(server.Address);

        await page.Model.ClickAsync();
        await Expect(page.Dialog.GetByRole(AriaRole.Option, new() { Name = "actor" })).ToContainTextAsync("1,000 EUR in, 2,500 EUR out per million tokens");
        await page.PressAsync("Escape");

        await page.SayAsync("One");
        await Expect(page.Answer).ToContainTextAsync("A costly answer.");
        await page.OpenModelCallsAsync();
        await Expect(page.ModelCalls).ToContainTextAsync("0.95 EUR");

        await page.SayAsync("Two");
        var card = page.Answer.GetByRole(AriaRole.Region).Filter(new() { HasText = "has no room for the next model call" });
        await Expect(card).ToContainTextAsync("0.95 EUR of 1 EUR used");
        Assert.Empty(await page.AxeAsync());
        await page.PressButtonAsync("Settings");
        await Expect(page.Dialog.GetByRole(AriaRole.List, new() { Name = "Usage" })).ToContainTextAsync("0.95 EUR");
        await page.PressAsync("Escape");
        await card.GetByRole(AriaRole.Button, new() { Name = "Raise" }).ClickAsync();

        await Expect(page.Answer).ToContainTextAsync("An affordable answer.");
        Assert.Empty(page.Errors);
    }
}

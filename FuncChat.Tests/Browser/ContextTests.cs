using FuncChat.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>How full the context of the model is.</summary>
[Trait("Category", "Browser")]
public sealed class ContextTests(Chrome chrome, ScriptedServer server) : IClassFixture<Chrome>, IClassFixture<ScriptedServer>
{
    [Fact]
    public async Task Meter_shows_how_full_the_context_is()
    {
        await using var model = await ScriptedModelServer.StartAsync();
        await using var limited = await PageServer.StartAsync(
            ("FuncChat__Providers__scripted__Url", model.BaseUrl), ("FuncChat__Providers__scripted__Models", "actor"),
            ("FuncChat__Providers__scripted__ContextLength", "16"));
        model.Says("Hello again.");
        await using var page = await chrome.OpenAsync(limited.Address);
        await Expect(page.Model).ToBeVisibleAsync();
        await Expect(page.Page.GetByRole(AriaRole.Meter)).ToHaveCountAsync(0);

        await page.SayAsync("Hello");

        var meter = page.Page.GetByRole(AriaRole.Meter, new() { Name = "Context used" });
        await Expect(meter).ToHaveTextAsync("94%");
        await Expect(meter).ToHaveAttributeAsync("aria-valuetext", "The conversation has 15 of the 16 tokens that the model accepts (94%).");
        await Expect(page.Send).ToBeVisibleAsync();
        await page.OpenModelCallsAsync();
        await Expect(page.ModelCalls).ToContainTextAsync("15 of the 16 tokens");
        Assert.Empty(await page.AxeAsync());
    }

    [Fact]
    public async Task Details_show_the_tokens_alone_where_the_limit_is_unknown()
    {
        server.Model.Says("Hello again.");
        await using var page = await chrome.OpenAsync(server.Address);
        await page.SayAsync("Hello");
        await Expect(page.Send).ToBeVisibleAsync();

        await page.OpenModelCallsAsync();

        await Expect(page.ModelCalls).ToContainTextAsync("The conversation has 15 tokens.");
        await Expect(page.Page.GetByRole(AriaRole.Meter)).ToHaveCountAsync(0);
    }
}

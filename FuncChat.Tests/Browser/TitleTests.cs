using FuncChat.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>Titles of chats that the model of the chat writes.</summary>
[Trait("Category", "Browser")]
public sealed class TitleTests(Chrome chrome) : IClassFixture<Chrome>
{
    [Fact]
    public async Task Chat_is_named_by_its_model_after_the_first_answer_unless_the_user_has_turned_it_off()
    {
        await using var model = await ScriptedModelServer.StartAsync();
        await using var server = await PageServer.StartAsync(
            ("FuncChat__Threads__TitleModel", ""), ("FuncChat__Providers__scripted__Url", model.BaseUrl), ("FuncChat__Providers__scripted__Models", "actor"));
        model.Says("Because of the moon.").Says("\"Why the sea rises.\"").Says("Still the moon.");
        await using var page = await chrome.OpenAsync(server.Address);
        var titles = page.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link);

        await page.SayAsync("When does the tide rise?");

        await Expect(titles).ToHaveTextAsync(["Why the sea rises"]);
        await page.SayAsync("And why?");
        await Expect(page.Answer).ToContainTextAsync("Still the moon.");
        Assert.Equal(3, model.Requests.Count);

        await page.PressButtonAsync("Settings");
        await page.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Let the model write a title for each new chat" }).UncheckAsync();
        await page.PressAsync("Escape");
        await page.PressButtonAsync("New chat");
        model.Says("No title.").Says("Nor a second one.");
        await page.SayAsync("Hello");
        await Expect(page.Answer).ToContainTextAsync("No title.");
        await Expect(page.Send).ToBeVisibleAsync();
        await page.SayAsync("Hello again");
        await Expect(page.Answer).ToContainTextAsync("Nor a second one.");

        await Expect(titles).ToHaveTextAsync(["Hello", "Why the sea rises"]);
        Assert.Equal(5, model.Requests.Count);
    }
}

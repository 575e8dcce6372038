using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>Prompts that are inserted with `/`, in a chat that is temporary.</summary>
[Trait("Category", "Browser")]
public sealed class PromptTests(Chrome chrome, ScriptedServer server) : IClassFixture<Chrome>, IClassFixture<ScriptedServer>
{
    [Fact]
    public async Task Prompt_is_added_and_inserted_with_the_keyboard_and_its_temporary_chat_is_gone_after_a_reload()
    {
        server.Model.Says("In short: tides.");
        await using var page = await chrome.OpenAsync(server.Address);
        await Expect(page.Model).ToBeVisibleAsync();

        await page.Message.PressSequentiallyAsync("/");
        await Expect(page.Page.GetByRole(AriaRole.Option)).ToHaveTextAsync(["Edit prompts…"]);
        Assert.Empty(await page.AxeAsync());
        await page.PressAsync("Enter");
        await page.PressButtonAsync("Add");
        await page.Field("Name").FillAsync("Summary");
        await page.Field("Text").FillAsync("Summarize this: ");
        Assert.Empty(await page.AxeAsync());
        await page.PressButtonAsync("Save");
        await Expect(page.Dialog.GetByRole(AriaRole.Listitem)).ToContainTextAsync("Summarize this:");
        Assert.Empty(await page.AxeAsync());
        await page.PressAsync("Escape");

        await page.PressButtonAsync("Temporary chat");
        Assert.Empty(await page.AxeAsync());
        await page.Message.FillAsync("");
        await page.Message.PressSequentiallyAsync("/su");
        await page.PressAsync("Enter");
        await Expect(page.Message).ToHaveValueAsync("Summarize this: ");
        await page.Page.Keyboard.TypeAsync("the tides");
        await page.PressAsync("Enter");

        await Expect(page.Answer).ToContainTextAsync("In short: tides.");
        await Expect(page.Questions).ToContainTextAsync("Summarize this: the tides");
        await Expect(page.Page.GetByText("Temporary", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.Page.GetByText("Your chats will appear here.")).ToBeVisibleAsync();
        Assert.Empty(await page.AxeAsync());
        Assert.DoesNotContain("chat", new Uri(page.Page.Url).Fragment, StringComparison.Ordinal);

        await page.ReloadAsync();

        await Expect(page.Model).ToBeVisibleAsync();
        await Expect(page.Page.GetByText("Your chats will appear here.")).ToBeVisibleAsync();
        await Expect(page.Conversation).ToHaveCountAsync(0);
        Assert.Empty(page.Errors);
    }
}

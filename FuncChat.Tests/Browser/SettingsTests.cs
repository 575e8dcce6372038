using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>What users choose in the settings, and what it does.</summary>
[Trait("Category", "Browser")]
public sealed class SettingsTests(Chrome chrome, DemoServer server) : IClassFixture<Chrome>, IClassFixture<DemoServer>
{
    [Fact]
    public async Task Text_size_is_kept_and_all_chats_are_deleted_once_the_user_confirms()
    {
        await using var page = await chrome.OpenAsync(server.Address);
        var chats = page.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link);
        foreach (var text in new[] { "First", "Second" })
        {
            await page.PressButtonAsync("New chat");
            await page.SayAsync(text);
            await Expect(page.Answer).ToContainTextAsync(text);
            await Expect(page.Answer).ToHaveAttributeAsync("aria-busy", "false");
        }
        await Expect(chats).ToHaveCountAsync(2);
        var height = (await page.Message.BoundingBoxAsync())!.Height;

        await page.PressButtonAsync("Settings");
        await page.Dialog.GetByText("Large", new() { Exact = true }).ClickAsync();
        await page.ReloadAsync();
        await Expect(chats).ToHaveCountAsync(2);
        Assert.True((await page.Message.BoundingBoxAsync())!.Height > height);

        await page.PressButtonAsync("Settings");
        await page.PressButtonAsync("Delete all chats");
        await Expect(page.Dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeFocusedAsync();
        await page.PressButtonAsync("Delete 2 chats");

        await Expect(page.ToastTitle).ToHaveTextAsync("All chats were deleted.");
        await Expect(page.Dialog).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Expect(page.Page.GetByText("What would you like to know?")).ToBeVisibleAsync();
        await Expect(chats).ToHaveCountAsync(0);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Notification_of_an_answer_in_the_background_opens_its_chat()
    {
        await using var page = await chrome.OpenAsync(server.Address, permissions: ["notifications"]);
        await page.PressButtonAsync("Settings");
        var notify = page.Dialog.GetByRole(AriaRole.Checkbox, new() { Name = "Notify me" });
        await notify.ClickAsync(); // checked once the browser has allowed it
        await Expect(notify).ToBeCheckedAsync();
        await page.PressAsync("Escape");
        await page.Page.EvaluateAsync(
            """
            () => {
              window.Notification = class {
                static permission = "granted";
                constructor(title, { body }) { window.shown = { title, body, click: () => this.onclick() }; }
                close() {}
              };
              Object.defineProperty(document, "hidden", { value: true });
            }
            """);

        await page.SayAsync("Tell me about tides");
        await Expect(page.Answer).ToHaveAttributeAsync("aria-busy", "false");

        await page.Page.WaitForFunctionAsync("() => window.shown?.title === 'Your answer is ready' && window.shown.body === 'Tell me about tides'");
        await page.PressButtonAsync("New chat");
        await Expect(page.Answer).ToHaveCountAsync(0);
        await page.Page.EvaluateAsync("() => window.shown.click()");
        await Expect(page.Answer).ToContainTextAsync("Tell me about tides");
    }
}

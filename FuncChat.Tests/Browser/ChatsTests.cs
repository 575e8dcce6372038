using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>Navigation: the list of chats, the search in them, and what stays in place.</summary>
[Trait("Category", "Browser")]
public sealed class ChatsTests(Chrome chrome, DemoServer server) : IClassFixture<Chrome>, IClassFixture<DemoServer>
{
    [Fact]
    public async Task Search_takes_the_keyboard_and_opens_the_message_that_was_found()
    {
        await using var page = await chrome.OpenAsync(server.Address);
        await page.Page.SetViewportSizeAsync(1280, 450); // less than two questions with their answers need
        await page.SayAsync("What is 17 * 23?");
        await Expect(page.Answer).ToHaveAttributeAsync("aria-busy", "false");
        await page.SayAsync("What is 6 * 9?");
        await Expect(page.Answer).ToHaveAttributeAsync("aria-busy", "false");
        await page.PressButtonAsync("New chat");
        await Expect(page.Conversation).ToHaveCountAsync(0);

        await page.PressAsync("Control+k");
        await Expect(page.Dialog.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await page.Page.Keyboard.TypeAsync("391");
        await Expect(page.Dialog.GetByRole(AriaRole.Option)).ToContainTextAsync(["What is 17 * 23?"]);
        await page.PressAsync("Enter");

        await Expect(page.Conversation.GetByText("391", new() { Exact = true }).Last).ToBeInViewportAsync();
        await Expect(page.Message).ToBeFocusedAsync();
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Keys_type_into_the_message_again_when_a_dialog_is_closed()
    {
        await using var page = await chrome.OpenAsync(server.Address);
        await page.Message.PressSequentiallyAsync("be");
        await page.Message.PressAsync("ArrowLeft");
        await page.PressAsync("Control+k");
        await Expect(page.Dialog.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();

        await page.PressAsync("Escape");
        await Expect(page.Dialog).ToHaveCountAsync(0);
        await page.Page.Keyboard.TypeAsync("for");

        await Expect(page.Message).ToHaveValueAsync("bfore");
    }

    [Fact]
    public async Task Keyboard_keeps_its_place_when_an_answer_is_regenerated_and_its_versions_are_browsed()
    {
        await using var page = await chrome.OpenAsync(server.Address);
        await page.SayAsync("What is 17 * 23?");
        await Expect(page.Answer).ToHaveAttributeAsync("aria-busy", "false");

        await page.PressButtonAsync("Regenerate");
        await Expect(page.Message).ToBeFocusedAsync();
        var versions = page.Answer.GetByRole(AriaRole.Group, new() { Name = "Versions" });
        await Expect(versions).ToHaveTextAsync("2/2");
        var previous = versions.GetByRole(AriaRole.Button, new() { Name = "Previous version" });
        await previous.PressAsync("Enter");

        await Expect(versions).ToHaveTextAsync("1/2");
        await Expect(previous).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Menu_of_a_chat_stays_closed_when_the_chat_was_renamed_from_it()
    {
        await using var page = await chrome.OpenAsync(server.Address);
        await page.SayAsync("What is 17 * 23?");
        await Expect(page.Answer).ToHaveAttributeAsync("aria-busy", "false");

        await page.PressButtonAsync("Actions for What is 17 * 23?");
        await page.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Rename" }).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Textbox, new() { Name = "Title" })).ToBeFocusedAsync();
        await page.Page.Keyboard.TypeAsync("Products");
        await page.PressAsync("Enter");

        await Expect(page.Page.GetByRole(AriaRole.Link, new() { Name = "Products" })).ToBeFocusedAsync();
        await Expect(page.Page.GetByRole(AriaRole.Menu)).ToHaveCountAsync(0);
        await page.PressButtonAsync("Actions for Products");
        await Expect(page.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Rename" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Card_stays_where_it_is_when_it_is_unfolded()
    {
        await using var page = await chrome.OpenAsync(server.Address);
        await page.Page.SetViewportSizeAsync(1280, 450); // less than what is unfolded
        await page.SayAsync("What is 17 * 23?");
        await Expect(page.Answer).ToHaveAttributeAsync("aria-busy", "false");
        var summary = page.Tool("Run JavaScript", "Complete").Locator("summary").First;
        await summary.ScrollIntoViewIfNeededAsync();
        var before = await summary.BoundingBoxAsync();

        await summary.ClickAsync();

        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Jump to latest" })).ToBeVisibleAsync();
        Assert.Equal(before!.Y, (await summary.BoundingBoxAsync())!.Y);
    }

    [Fact]
    public async Task List_of_chats_takes_the_keyboard_on_a_narrow_screen_and_returns_it_at_Esc()
    {
        await using var page = await chrome.OpenAsync(server.Address, width: 360);
        var chats = page.Page.GetByRole(AriaRole.Navigation, new() { Name = "Chats" });
        var opener = page.Page.GetByRole(AriaRole.Button, new() { Name = "Show chats" });

        await opener.ClickAsync();
        await Expect(chats.GetByRole(AriaRole.Button, new() { Name = "New chat" })).ToBeFocusedAsync();
        Assert.Empty(await page.AxeAsync());
        await page.PressAsync("Escape");

        await Expect(chats).ToHaveCountAsync(0);
        await Expect(opener).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Back_closes_the_list_of_chats_on_a_narrow_screen_before_it_changes_the_chat()
    {
        await using var page = await chrome.OpenAsync(server.Address, width: 360);
        var chats = page.Page.GetByRole(AriaRole.Navigation, new() { Name = "Chats" });
        await page.SayAsync("What is 17 * 23?");
        await Expect(page.Answer).ToHaveAttributeAsync("aria-busy", "false");

        await page.PressButtonAsync("Show chats");
        await Expect(chats).ToBeVisibleAsync();
        await page.BackAsync();

        await Expect(chats).ToHaveCountAsync(0);
        await Expect(page.Answer).ToContainTextAsync("391");
        await page.PressButtonAsync("Show chats");
        await page.PressButtonAsync("New chat");
        await Expect(page.Conversation).ToHaveCountAsync(0);
        await page.BackAsync();
        await Expect(page.Answer).ToContainTextAsync("391");
        await page.BackAsync();
        await Expect(page.Conversation).ToHaveCountAsync(0);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Each_of_two_tabs_keeps_what_is_typed_in_it_when_the_other_one_sends()
    {
        await using var first = await chrome.OpenAsync(server.Address);
        await Expect(first.Model).ToBeVisibleAsync();
        var second = new ChatPage(await first.Page.Context.NewPageAsync());
        await second.OpenAsync(server.Address);
        await first.Message.FillAsync("What is 17 * 23?");
        await second.Message.FillAsync("Not sent yet");

        await first.Message.PressAsync("Enter");

        await Expect(first.Answer).ToContainTextAsync("391");
        await Expect(second.Page.GetByRole(AriaRole.Link, new() { Name = "What is 17 * 23?" })).ToBeVisibleAsync();
        await Expect(second.Message).ToHaveValueAsync("Not sent yet");
        await second.ReloadAsync();
        await Expect(second.Message).ToHaveValueAsync("Not sent yet");
    }

    [Fact]
    public async Task Forced_colors_show_which_chat_is_open_and_the_edge_of_a_message()
    {
        await using var page = await chrome.OpenAsync(server.Address);
        await page.Page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.Active });
        await page.SayAsync("What is 6 * 9?");
        await page.PressButtonAsync("New chat");
        await page.SayAsync("What is 17 * 23?");
        var links = page.Page.GetByRole(AriaRole.Navigation, new() { Name = "Chats" }).GetByRole(AriaRole.Link);
        await Expect(links).ToHaveCountAsync(2);

        await Expect(links.First).Not.ToHaveCSSAsync("background-color", await StyleAsync(links.Last, "backgroundColor"));
        Assert.Equal("solid", await StyleAsync(page.Questions.Locator("div:has(> p)"), "borderTopStyle"));
        Assert.Equal("1px", await StyleAsync(page.Questions.Locator("div:has(> p)"), "borderTopWidth"));

        static Task<string> StyleAsync(ILocator element, string property) => element.EvaluateAsync<string>($"element => getComputedStyle(element).{property}");
    }

    [Fact]
    public async Task Page_answers_in_a_browser_that_refuses_storage_and_is_not_left_for_a_dropped_file()
    {
        await using var page = await chrome.OpenAsync(server.Address);
        await page.Page.AddInitScriptAsync(
            """
            for (const name of ['localStorage', 'sessionStorage'])
              Object.defineProperty(window, name, { configurable: true, get() { throw new DOMException('Access is denied.', 'SecurityError'); } });
            """);
        await page.ReloadAsync();

        await page.SayAsync("What is 17 * 23?");
        await Expect(page.Answer).ToContainTextAsync("391");
        await page.PressButtonAsync("Plan");
        await Expect(page.Field("Question")).ToBeVisibleAsync();

        Assert.False(await page.Page.EvaluateAsync<bool>(
            """
            () => {
              const dataTransfer = new DataTransfer();
              dataTransfer.items.add(new File(['x'], 'notes.txt', { type: 'text/plain' }));
              return document.querySelector('main').dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
            }
            """));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Page_keeps_working_and_reports_it_when_a_part_can_not_be_loaded()
    {
        await using var page = await chrome.OpenAsync(server.Address);
        await page.Page.RouteAsync("**/SettingsDialog-*.js", route => route.AbortAsync());

        await page.PressButtonAsync("Settings");

        await Expect(page.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("could not be loaded");
        await page.SayAsync("What is 17 * 23?");
        await Expect(page.Answer).ToContainTextAsync("391");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Menu_of_a_chat_opens_when_another_tab_moves_the_chat_while_the_menu_is_loaded()
    {
        await using var page = await chrome.OpenAsync(server.Address);
        await page.SayAsync("What is 17 * 23?");
        await Expect(page.Answer).ToContainTextAsync("391");
        var other = new ChatPage(await page.Page.Context.NewPageAsync());
        await other.OpenAsync(server.Address);
        var loaded = new TaskCompletionSource();
        await page.Page.RouteAsync("**/ChatMenu-*.js", async route =>
        {
            await loaded.Task;
            await route.ContinueAsync();
        });
        await page.PressButtonAsync("Actions for What is 17 * 23?");

        await other.PressButtonAsync("Actions for What is 17 * 23?");
        await other.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Pin", Exact = true }).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Link, new() { Name = "Pinned What is 17 * 23?" })).ToBeVisibleAsync();
        loaded.SetResult();

        await Expect(page.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Unpin" })).ToBeVisibleAsync();
    }
}

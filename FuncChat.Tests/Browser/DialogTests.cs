using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>Every dialog, in both languages and colors, on a wide and a narrow screen: what axe finds, and whether all of it fits.</summary>
[Trait("Category", "Browser")]
public sealed class DialogTests(Chrome chrome, ScriptedServer server) : IClassFixture<Chrome>, IClassFixture<ScriptedServer>
{
    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280)]
    [InlineData("en-US", ColorScheme.Dark, 320)]
    [InlineData("de-DE", ColorScheme.Dark, 1280)]
    [InlineData("de-DE", ColorScheme.Light, 360)]
    public async Task Dialogs_are_accessible_and_fit(string language, ColorScheme colors, int width)
    {
        var words = language == "de-DE" ? Words.German : Words.English;
        server.Model.Says("An answer with `code`.");
        await using var page = await chrome.OpenAsync(server.Address, colors, width, language: language);
        var message = page.Page.GetByRole(AriaRole.Textbox, new() { Name = words.Message });
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = words.Model })).ToBeVisibleAsync();
        await CheckAsync(page, "start");

        await page.PressButtonAsync(words.Assistants);
        await CheckAsync(page, "assistants", dialog: true);
        await page.PressButtonAsync(words.Add);
        await CheckAsync(page, "a new assistant", dialog: true);
        await page.Dialog.GetByRole(AriaRole.Textbox).First.FillAsync($"An assistant with a name {new string('x', 60)}");
        await page.Dialog.GetByRole(AriaRole.Textbox).Last.FillAsync("Be brief.");
        await page.PressButtonAsync(words.Save);
        await CheckAsync(page, "the saved assistant", dialog: true);
        await CloseAsync(page);

        await message.PressSequentiallyAsync("/");
        await message.PressAsync("Enter");
        await CheckAsync(page, "prompts", dialog: true);
        await CloseAsync(page);

        await page.PressButtonAsync(words.Compare);
        await CheckAsync(page, "the second model", dialog: true);
        await page.Dialog.GetByRole(AriaRole.Combobox).FillAsync("no such model");
        await CheckAsync(page, "no model", dialog: true);
        await CloseAsync(page);

        await message.FillAsync("A question");
        await message.PressAsync("Enter");
        await Expect(page.Page.GetByRole(AriaRole.Log).GetByRole(AriaRole.Article).Last).ToHaveAttributeAsync("aria-busy", "false");
        await page.PressButtonAsync(words.Settings);
        await CheckAsync(page, "settings", dialog: true);
        await page.PressButtonAsync(words.DeleteAll);
        await CheckAsync(page, "the confirmation of deleting all chats", dialog: true);
        await CloseAsync(page);

        await page.Page.GetByRole(AriaRole.Button, new() { Name = words.Model }).ClickAsync();
        await CheckAsync(page, "models", dialog: true);
        await CloseAsync(page);

        await page.PressAsync("Control+k");
        await page.Dialog.GetByRole(AriaRole.Combobox).FillAsync("question");
        await Expect(page.Dialog.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await CheckAsync(page, "search", dialog: true);
        await CloseAsync(page);

        await page.Page.GetByRole(AriaRole.Log).ClickAsync();
        await page.Page.Keyboard.PressAsync("?");
        await CheckAsync(page, "shortcuts", dialog: true);
        await CloseAsync(page);

        await page.Page.GetByRole(AriaRole.Log).GetByRole(AriaRole.Article).Last.GetByRole(AriaRole.Button, new() { Name = words.More }).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Menu)).ToBeVisibleAsync();
        await CheckAsync(page, "the menu of an answer");
        await page.PressAsync("Escape");

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Tools:" }).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Menu)).ToBeVisibleAsync();
        await CheckAsync(page, "the menu of tools");
        await page.PressAsync("Escape");

        if (width < 700)
            await page.PressButtonAsync(words.ShowChats);
        await CheckAsync(page, "the list of chats");
        var chats = page.Page.GetByRole(AriaRole.Navigation);
        await chats.GetByRole(AriaRole.Listitem).Last.HoverAsync();
        await chats.GetByRole(AriaRole.Button, new() { Name = words.ChatActions }).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Menu)).ToBeVisibleAsync();
        await CheckAsync(page, "the menu of a chat");
        Assert.Empty(page.Errors);
    }

    private static async Task CheckAsync(ChatPage page, string what, bool dialog = false)
    {
        if (dialog)
            await Expect(page.Dialog).ToBeVisibleAsync();
        Assert.Equal((what, ""), (what, string.Join('\n', await page.AxeAsync())));
        Assert.Equal((what, 0), (what, await page.OverflowAsync()));
    }

    private static async Task CloseAsync(ChatPage page)
    {
        await page.PressAsync("Escape");
        await Expect(page.Dialog).ToHaveCountAsync(0);
    }

    /// <summary>The names by which the test finds what it uses.</summary>
    private sealed record Words(
        string Message, string Model, string Assistants, string Add, string Save, string Compare, string Settings, string More, string ShowChats, string ChatActions, string DeleteAll)
    {
        public static Words English { get; } =
            new("Message", "Model:", "Assistants", "Add", "Save", "Compare with another model", "Settings", "More", "Show chats", "Actions for", "Delete all chats");

        public static Words German { get; } = new(
            "Nachricht", "Modell:", "Assistenten", "Hinzufügen", "Speichern", "Mit einem anderen Modell vergleichen", "Einstellungen", "Mehr", "Chats anzeigen",
            "Aktionen für", "Alle Chats löschen");
    }
}

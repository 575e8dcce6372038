using FuncChat.Tests.Support;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>Files that are attached to messages, and what the model receives of them.</summary>
[Trait("Category", "Browser")]
public sealed class AttachmentTests(Chrome chrome, ScriptedServer server) : IClassFixture<Chrome>, IClassFixture<ScriptedServer>
{
    // Dispatches a paste or drop of files of the given names, types, and contents to an element.
    private const string Transfer =
        """
        async ([selector, event, files]) => {
          const data = new DataTransfer();
          for (const { name, type, text, side } of files) {
            if (side) {
              const canvas = document.createElement('canvas');
              canvas.width = canvas.height = side;
              canvas.getContext('2d').fillRect(0, 0, side / 2, side);
              const blob = await new Promise(done => canvas.toBlob(done, type));
              data.items.add(new File([blob], name, { type }));
            } else {
              data.items.add(new File([text], name, { type }));
            }
          }
          const options = { bubbles: true, cancelable: true };
          document.querySelector(selector).dispatchEvent(event === 'paste'
            ? new ClipboardEvent('paste', { ...options, clipboardData: data })
            : new DragEvent('drop', { ...options, dataTransfer: data }));
        }
        """;

    [Fact]
    public async Task Pasted_image_is_previewed_kept_over_a_reload_shrunk_sent_and_shown_with_the_message()
    {
        server.Model.Says("A black square.");
        await using var page = await chrome.OpenAsync(server.Address);
        await Expect(page.Model).ToBeVisibleAsync();

        await TransferAsync(page, "textarea", "paste", new { name = "photo.png", type = "image/png", side = 3000 });
        await Expect(page.Page.GetByRole(AriaRole.Img, new() { Name = "photo.png" })).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(page.Page.GetByRole(AriaRole.Img, new() { Name = "photo.png" })).ToBeVisibleAsync();
        await page.SayAsync("What is this?");

        await Expect(page.Answer).ToContainTextAsync("A black square.");
        var shown = page.Questions.GetByRole(AriaRole.Img, new() { Name = "photo.png" });
        Assert.Equal(1568, await shown.EvaluateAsync<int>("image => image.naturalWidth"));
        var content = LastContent();
        Assert.StartsWith("data:image/jpeg;base64,", content[0].GetProperty("image_url").GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.Equal("What is this?", content[1].GetProperty("text").GetString());
        Assert.Empty(await page.AxeAsync());
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Each_of_two_tabs_keeps_its_own_files_over_a_reload_and_a_closed_tab_hands_them_over()
    {
        await using var first = await chrome.OpenAsync(server.Address);
        await Expect(first.Model).ToBeVisibleAsync();
        await TransferAsync(first, "main", "drop", new { name = "first.txt", type = "text/plain", text = "1" });
        var second = new ChatPage(await first.Page.Context.NewPageAsync());
        await second.OpenAsync(server.Address);
        await Expect(second.Model).ToBeVisibleAsync();
        await TransferAsync(second, "main", "drop", new { name = "second.txt", type = "text/plain", text = "2" });
        await Expect(FilesOf(second)).ToHaveCountAsync(1);

        // One after the other: a tab that opens while another one reloads can take its files.
        await first.ReloadAsync();
        await Expect(FilesOf(first)).ToContainTextAsync(["first.txt"]);
        await second.ReloadAsync();

        await Expect(FilesOf(second)).ToContainTextAsync(["second.txt"]);
        await second.Page.CloseAsync();
        await first.ReloadAsync();
        await Expect(FilesOf(first)).ToHaveCountAsync(2);
        Assert.Empty(first.Errors);
    }

    [Fact]
    public async Task Phone_offers_its_camera_and_all_controls_fit_next_to_it()
    {
        await using var page = await chrome.OpenAsync(server.Address, width: 320, touch: true);

        await page.Page.GetByLabel("Take a photo").SetInputFilesAsync(Repository.PathOf("staticwebapp", "public", "icon-192.png"));

        await Expect(page.Page.GetByRole(AriaRole.Img, new() { Name = "icon-192.png" })).ToBeVisibleAsync();
        await Expect(page.Send).ToBeInViewportAsync(new() { Ratio = 1 });
        Assert.Equal(0, await page.OverflowAsync());
        Assert.Empty(await page.AxeAsync());
    }

    [Fact]
    public async Task Dropped_text_is_sent_with_its_name_and_an_unknown_type_is_refused_with_a_reason()
    {
        server.Model.Says("Read.");
        await using var page = await chrome.OpenAsync(server.Address);
        await Expect(page.Model).ToBeVisibleAsync();

        await TransferAsync(
            page, "main", "drop",
            new { name = "notes.txt", type = "text/plain", text = "The tide turns at noon." }, new { name = "archive.zip", type = "application/zip", text = "PK\0\0" });
        await Expect(page.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("archive.zip: this file type is not supported. Attach images, PDFs, or text files.");
        await page.SayAsync("When?");

        await Expect(page.Answer).ToContainTextAsync("Read.");
        await Expect(page.Questions).ToContainTextAsync("notes.txt");
        Assert.StartsWith("<attachment name=\"notes.txt\">\nThe tide turns at noon.\n</attachment>\n", server.Model.Requests[^1].LastText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_paste_becomes_a_file_that_can_be_removed()
    {
        await using var page = await chrome.OpenAsync(server.Address);
        await Expect(page.Model).ToBeVisibleAsync();

        await page.Page.EvaluateAsync(
            """
            () => {
              const data = new DataTransfer();
              data.setData('text/plain', 'word '.repeat(200000));
              document.querySelector('textarea').dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }));
            }
            """);

        var file = page.Page.GetByRole(AriaRole.List, new() { Name = "Attachments" });
        await Expect(file).ToContainTextAsync("Pasted text.txt");
        await Expect(file).ToContainTextAsync("1.0 MB");
        await Expect(page.Message).ToHaveValueAsync("");
        await page.PressButtonAsync("Remove Pasted text.txt");
        await Expect(file).ToHaveCountAsync(0);
    }

    private static Task TransferAsync(ChatPage page, string selector, string action, params object[] files) =>
        page.Page.EvaluateAsync(Transfer, new object[] { selector, action, files });

    private static ILocator FilesOf(ChatPage page) =>
        page.Page.GetByRole(AriaRole.List, new() { Name = "Attachments" }).GetByRole(AriaRole.Listitem);

    private JsonElement[] LastContent() =>
        [.. server.Model.Requests[^1].Body.GetProperty("messages").EnumerateArray().Last().GetProperty("content").EnumerateArray()];
}

using System.IO.Compression;
using System.Text;
using FuncChat.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>The chats of another service, imported into the page.</summary>
[Trait("Category", "Browser")]
public sealed class ImportTests(Chrome chrome) : IClassFixture<Chrome>
{
    private const string Conversations = """
        [{
          "title": "Tides", "create_time": 1746057600.0, "update_time": 1746057660.5, "current_node": "a1",
          "mapping": {
            "root": { "id": "root", "parent": null, "children": ["q1"], "message": null },
            "q1": { "id": "q1", "parent": "root", "children": ["a0", "a1"], "message": {
              "author": { "role": "user" }, "create_time": 1746057600.0, "recipient": "all", "weight": 1.0,
              "content": { "content_type": "text", "parts": ["Why are there tides?"] } } },
            "a0": { "id": "a0", "parent": "q1", "children": [], "message": {
              "author": { "role": "assistant" }, "create_time": 1746057601.0, "recipient": "all", "weight": 1.0,
              "content": { "content_type": "text", "parts": ["Magnets."] } } },
            "a1": { "id": "a1", "parent": "q1", "children": [], "message": {
              "author": { "role": "assistant" }, "create_time": 1746057602.0, "recipient": "all", "weight": 1.0,
              "content": { "content_type": "text", "parts": [
                "The **moon**. <img src=x onerror=\"window.canary='html'\"> [a link](javascript:window.canary='link')"] } } }
          }
        }]
        """;

    [Fact]
    public async Task Archive_of_another_service_becomes_chats_with_branches_and_runs_nothing()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "export.zip");
        await using (var archive = await ZipFile.OpenAsync(file, ZipArchiveMode.Create))
        {
            await using var entry = await archive.CreateEntry("conversations.json").OpenAsync();
            await entry.WriteAsync(Encoding.UTF8.GetBytes(Conversations));
        }

        await using var server = await PageServer.StartAsync();
        await using var page = await chrome.OpenAsync(server.Address);
        await page.PressButtonAsync("Settings");
        await page.Page.GetByLabel("File to import").SetInputFilesAsync(file);
        await Expect(page.ToastTitle).ToHaveTextAsync("1 chat was imported.");

        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Tides" }).ClickAsync();

        await Expect(page.Questions).ToContainTextAsync("Why are there tides?");
        await Expect(page.Answer.Locator("strong")).ToHaveTextAsync("moon");
        await Expect(page.Answer).ToContainTextAsync("2/2");
        await Expect(page.Conversation.Locator("[onerror], a[href^='javascript']")).ToHaveCountAsync(0);
        Assert.Null(await page.CanaryAsync());
        Assert.Empty(page.Errors);
    }
}

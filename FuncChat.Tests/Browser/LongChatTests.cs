using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>A chat of hundreds of messages.</summary>
[Trait("Category", "Browser")]
public sealed class LongChatTests(Chrome chrome, DemoServer server) : IClassFixture<Chrome>, IClassFixture<DemoServer>
{
    private const int Messages = 400;

    [Fact]
    public async Task Only_what_is_near_the_visible_part_is_drawn_and_all_of_it_is_printed()
    {
        await using var page = await chrome.OpenAsync(server.Address);
        await ImportAsync(page);

        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Long chat" }).ClickAsync();

        await Expect(page.Conversation.GetByText($"Answer {Messages - 1}:")).ToBeInViewportAsync();
        var articles = page.Conversation.GetByRole(AriaRole.Article);
        await Expect(articles.Nth(1)).ToBeAttachedAsync();
        Assert.InRange(await articles.CountAsync(), 2, 40);
        await page.Conversation.PressAsync("Home"); // a reader's act: the page returns to the end after other scrolling while it measures the messages
        await Expect(page.Conversation.GetByText("Question 0", new() { Exact = true })).ToBeInViewportAsync();
        await Expect(articles.Nth(1)).ToBeAttachedAsync();
        Assert.InRange(await articles.CountAsync(), 2, 40);

        await page.Page.EvaluateAsync("() => dispatchEvent(new Event('beforeprint'))");
        await Expect(articles).ToHaveCountAsync(Messages);
        await page.Page.EvaluateAsync("() => dispatchEvent(new Event('afterprint'))");
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Jump to latest" })).ToBeVisibleAsync();
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Home_and_End_reach_the_first_and_the_last_message()
    {
        await using var page = await chrome.OpenAsync(server.Address);
        await ImportAsync(page);
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Long chat" }).ClickAsync();
        await Expect(page.Conversation.GetByText($"Answer {Messages - 1}:")).ToBeInViewportAsync();

        await page.Conversation.PressAsync("Home");
        await Expect(page.Conversation.GetByText("Question 0", new() { Exact = true })).ToBeInViewportAsync(new() { Ratio = 1 });
        await page.Page.WaitForFunctionAsync("() => document.querySelector('[role=log]').scrollTop === 0");
        await page.Conversation.PressAsync("End");

        await page.Page.WaitForFunctionAsync(
            "() => { const log = document.querySelector('[role=log]'); return log.scrollHeight - log.clientHeight - log.scrollTop < 2; }");
        await Expect(page.Conversation.GetByText($"Answer {Messages - 1}:")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Search_opens_a_message_in_the_middle_and_it_stays_in_view()
    {
        await using var page = await chrome.OpenAsync(server.Address);
        await ImportAsync(page);

        await page.PressAsync("Control+k");
        await page.Dialog.GetByRole(AriaRole.Combobox).FillAsync("Answer 151:");
        await Expect(page.Dialog.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await page.PressAsync("Enter");

        await Expect(page.Conversation.GetByText("Answer 151:")).ToBeInViewportAsync();
    }

    private static async Task ImportAsync(ChatPage page)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file + ".json", LongChat());
            await page.PressButtonAsync("Settings");
            await page.Page.GetByLabel("File to import").SetInputFilesAsync(file + ".json");
            await Expect(page.Page.GetByText("1 chat was imported.")).ToBeVisibleAsync();
        }
        finally
        {
            File.Delete(file);
            File.Delete(file + ".json");
        }
    }

    private static string LongChat()
    {
        var nodes = Enumerable.Range(0, Messages).Select(index => new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["id"] = $"m{index}",
            ["parentId"] = index == 0 ? null : $"m{index - 1}",
            ["createdAt"] = 1_000 + index,
            ["role"] = index % 2 == 0 ? "user" : "assistant",
            ["text"] = $"Question {index}",
            ["turn"] = new
            {
                status = "complete",
                parts = new[] { new { type = "text", text = $"Answer {index}:\n\n## Heading\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nconst x = {index};\n```" } },
                messages = Array.Empty<object>(),
            },
        });
        return JsonSerializer.Serialize(new
        {
            format = "funcchat/1",
            chats = new[] { new { title = "Long chat", createdAt = 1, updatedAt = 1, pinned = false, leafId = $"m{Messages - 1}", nodes } },
        });
    }
}

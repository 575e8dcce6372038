using FuncChat.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>What users do with messages: continue, queue, edit, fork, delete, copy, print, and choose the model.</summary>
[Trait("Category", "Browser")]
public sealed class MessageTests(Chrome chrome, ScriptedServer server) : IClassFixture<Chrome>, IClassFixture<ScriptedServer>
{
    private ScriptedModelServer Model => server.Model;

    [Fact]
    public async Task Answer_that_reached_the_length_limit_offers_to_continue()
    {
        Model.Answers(answer => answer.Text("The first half").Ends("length")).Says("and the second half.");
        await using var page = await chrome.OpenAsync(server.Address);
        await page.SayAsync("Tell me.");
        await Expect(page.Answer).ToContainTextAsync("The answer reached the length limit.");

        await page.PressButtonAsync("Continue");

        await Expect(page.Answer).ToContainTextAsync("and the second half.");
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Continue", Exact = true })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Message_that_is_sent_while_an_answer_runs_is_queued_survives_a_reload_and_goes_out_after_it()
    {
        var goOn = new ManualSignal();
        Model.Answers(answer => answer.Text("First").WaitFor(goOn).Text(" answer.").Ends()).Says("Second answer.");
        await using var page = await chrome.OpenAsync(server.Address);
        await page.SayAsync("One");
        await Expect(page.Answer).ToContainTextAsync("First");

        await page.Message.FillAsync("Two");
        await page.Message.PressAsync("Enter");
        await Expect(page.Page.GetByText("Sends when the answer is complete")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(page.Page.GetByText("Sends when the answer is complete")).ToBeVisibleAsync();
        await Expect(page.Stop).ToBeVisibleAsync();
        goOn.Set();

        await Expect(page.Answer).ToContainTextAsync("Second answer.");
        await Expect(page.Questions).ToContainTextAsync(["One", "Two"]);
        Assert.Equal("Two", Model.Requests[^1].LastText());
    }

    [Fact]
    public async Task Code_and_formulas_read_from_left_to_right_within_Arabic()
    {
        Model.Says("المعادلة $E = mc^2$ صحيحة، و `code()` أيضاً.");
        await using var page = await chrome.OpenAsync(server.Address);

        await page.SayAsync("Tell me.");

        await Expect(page.Answer.Locator(".katex-html .base")).ToHaveCountAsync(2);
        Assert.Equal(["E", "mc", "code", "()"], await page.Answer.EvaluateAsync<string[]>(
            """
            answer => {
              const [energy, mass] = answer.querySelectorAll('.katex-html .base');
              const left = (from, to) => {
                const range = document.createRange();
                range.setStart(answer.querySelector('code').firstChild, from);
                range.setEnd(answer.querySelector('code').firstChild, to);
                return range.getBoundingClientRect().left;
              };
              const sorted = (...parts) => parts.toSorted((one, other) => one.left - other.left).map(part => part.name);
              return [
                ...sorted({ name: 'E', left: energy.getBoundingClientRect().left }, { name: 'mc', left: mass.getBoundingClientRect().left }),
                ...sorted({ name: 'code', left: left(0, 4) }, { name: '()', left: left(4, 6) }),
              ];
            }
            """));
    }

    [Fact]
    public async Task Editing_starts_at_the_end_of_the_message_and_renames_the_chat()
    {
        Model.Says("One.").Says("Two.");
        await using var page = await chrome.OpenAsync(server.Address);
        await page.SayAsync("Tell me");
        await Expect(page.Send).ToBeVisibleAsync();

        await page.Questions.HoverAsync();
        await page.PressButtonAsync("Edit message");
        await page.Page.Keyboard.TypeAsync(" more");
        await page.PressAsync("Enter");

        await Expect(page.Answer).ToContainTextAsync("Two.");
        Assert.Equal("Tell me more", Model.Requests[^1].LastText());
        await Expect(page.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link)).ToHaveTextAsync(["Tell me more"]);
    }

    [Fact]
    public async Task Chat_is_forked_at_a_message_and_messages_are_deleted_with_undo()
    {
        Model.Says("One.").Says("Two.");
        await using var page = await chrome.OpenAsync(server.Address);
        await page.SayAsync("First");
        await Expect(page.Send).ToBeVisibleAsync();
        await page.SayAsync("Second");
        await Expect(page.Answer).ToContainTextAsync("Two.");
        await Expect(page.Send).ToBeVisibleAsync();

        await ChooseAsync(page, page.Conversation.GetByRole(AriaRole.Article, new() { Name = "Answer" }).First, "Continue in a new chat");
        await Expect(page.Questions).ToHaveCountAsync(1);
        await Expect(page.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link)).ToHaveTextAsync(["First (copy)", "First"]);

        await ChooseAsync(page, page.Answer, "Delete from here");
        await Expect(page.Answer).ToHaveCountAsync(0);
        await Expect(page.Message).ToBeFocusedAsync();
        await page.PressButtonAsync("Undo");
        await Expect(page.Answer).ToContainTextAsync("One.");
    }

    [Fact]
    public async Task Chat_keeps_its_model_and_an_answer_is_regenerated_with_another()
    {
        Model.Says("By the actor.").Says("By the understudy.").Says("By the understudy again.").Says("By the actor again.");
        await using var page = await chrome.OpenAsync(server.Address);
        await page.SayAsync("Act one");
        await Expect(page.Answer).ToContainTextAsync("By the actor.");
        await Expect(page.Send).ToBeVisibleAsync();

        await ChooseAsync(page, page.Answer, "Regenerate with another model");
        await page.Dialog.GetByRole(AriaRole.Combobox).FillAsync("under");
        await page.PressAsync("Enter");
        await Expect(page.Answer).ToContainTextAsync("By the understudy.");
        await Expect(page.Answer).ToContainTextAsync("understudy · 1 model call");
        Assert.Equal("understudy", Model.Requests[^1].Body.GetProperty("model").GetString());

        await page.PressButtonAsync("New chat");
        await page.Model.ClickAsync();
        await page.Dialog.GetByRole(AriaRole.Option, new() { Name = "understudy" }).ClickAsync();
        await page.SayAsync("Act two");
        await Expect(page.Answer).ToContainTextAsync("By the understudy again.");
        await Expect(page.Model).ToHaveTextAsync("understudy");
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Act one" }).ClickAsync();
        await Expect(page.Model).ToHaveTextAsync("actor");
        await page.SayAsync("Once more");
        await Expect(page.Answer).ToContainTextAsync("By the actor again.");
    }

    [Fact]
    public async Task Copy_offers_html_next_to_markdown()
    {
        Model.Says("Some **bold** text\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nconst x = 1;\n```");
        await using var page = await chrome.OpenAsync(server.Address, permissions: ["clipboard-read", "clipboard-write"]);
        await page.SayAsync("Tell me.");
        await Expect(page.Answer.Locator(".hljs-keyword")).ToHaveCountAsync(1);

        await page.PressButtonAsync("Copy answer");
        await page.Page.WaitForFunctionAsync("async () => (await navigator.clipboard.read())[0].types.includes('text/html')");

        var copied = await page.Page.EvaluateAsync<string[]>(
            """
            async () => {
              const [item] = await navigator.clipboard.read();
              return Promise.all(['text/plain', 'text/html'].map(async type => (await item.getType(type)).text()));
            }
            """);
        Assert.StartsWith("Some **bold** text", copied[0], StringComparison.Ordinal);
        Assert.Contains("<strong>bold</strong>", copied[1], StringComparison.Ordinal);
        Assert.Contains("<td>1</td>", copied[1], StringComparison.Ordinal);
        Assert.Contains("const", copied[1], StringComparison.Ordinal);
        Assert.DoesNotContain("button", copied[1], StringComparison.Ordinal);
    }

    private static async Task ChooseAsync(ChatPage page, ILocator message, string action)
    {
        await message.HoverAsync();
        await message.GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Menuitem, new() { Name = action }).ClickAsync();
    }
}

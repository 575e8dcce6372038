using FuncChat.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>Two models next to each other: one message, two answers, one of which the chat continues with.</summary>
[Trait("Category", "Browser")]
public sealed class CompareTests(Chrome chrome, ScriptedServer server) : IClassFixture<Chrome>, IClassFixture<ScriptedServer>
{
    private ScriptedModelServer Model => server.Model;

    [Theory]
    [InlineData(320)]
    [InlineData(390)]
    public async Task Buttons_of_the_message_field_share_one_line_on_a_phone(int width)
    {
        await using var page = await chrome.OpenAsync(server.Address, width: width, touch: true);
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Compare with another model" })).ToBeVisibleAsync();
        await Expect(page.Page.GetByLabel("Take a photo")).ToBeAttachedAsync();

        var first = (await page.Page.Locator("label[title='Attach files']").BoundingBoxAsync())!;
        var last = (await page.Send.BoundingBoxAsync())!;

        Assert.Equal(first.Y, last.Y, tolerance: 4);
        Assert.True(last.X > first.X);
    }

    [Theory]
    [InlineData(1280, ColorScheme.Light, "en-US")]
    [InlineData(360, ColorScheme.Dark, "de-DE")]
    public async Task Message_goes_to_two_models_and_the_chat_continues_with_one(int width, ColorScheme colors, string language)
    {
        var german = language == "de-DE";
        var compare = german ? "Mit einem anderen Modell vergleichen" : "Compare with another model";
        var keep = german ? "Mit dieser fortfahren" : "Continue with this one";
        Model.Otherwise(request => new ScriptedAnswer().Text($"By the {request.Body.GetProperty("model").GetString()}.").Ends());
        await using var page = await chrome.OpenAsync(server.Address, colors, width, language: language);
        var message = page.Page.GetByRole(AriaRole.Textbox, new() { Name = german ? "Nachricht" : "Message" });
        var log = page.Page.GetByRole(AriaRole.Log);

        await page.PressButtonAsync(compare);
        await page.Dialog.GetByRole(AriaRole.Option, new() { Name = "understudy" }).ClickAsync();
        await Expect(page.Page.GetByText(german ? "geht an actor und understudy" : "goes to actor and understudy")).ToBeVisibleAsync();
        await message.FillAsync("Act one");
        await message.PressAsync("Enter");

        var columns = page.Page.GetByRole(AriaRole.Region, new() { Name = german ? "Antworten zweier Modelle" : "Answers of two models" }).GetByRole(AriaRole.Article);
        await Expect(columns).ToContainTextAsync(["By the actor.", "By the understudy."]);
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = keep }).Last).ToBeEnabledAsync();
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = keep }).First).ToBeEnabledAsync();
        var (first, second) = ((await columns.First.BoundingBoxAsync())!, (await columns.Last.BoundingBoxAsync())!);
        Assert.Equal(width < 700, second.Y >= first.Y + first.Height);
        Assert.Equal(0, await page.OverflowAsync());
        Assert.Empty(await page.AxeAsync());

        await page.ReloadAsync();
        await Expect(columns).ToHaveCountAsync(2);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = keep }).Last.ClickAsync();

        await Expect(columns).ToHaveCountAsync(0);
        await Expect(log.GetByRole(AriaRole.Group).GetByText("2/2")).ToBeVisibleAsync();
        await message.FillAsync("Act two");
        await message.PressAsync("Enter");
        await Expect(log.GetByRole(AriaRole.Article).Last).ToContainTextAsync("By the understudy.");
        await Expect(log.GetByRole(AriaRole.Article)).ToHaveCountAsync(4);
        Assert.Equal("understudy", Model.Requests[^1].Body.GetProperty("model").GetString());
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Answer_is_compared_with_one_of_another_model()
    {
        Model.Otherwise(request => new ScriptedAnswer().Text($"By the {request.Body.GetProperty("model").GetString()}.").Ends());
        await using var page = await chrome.OpenAsync(server.Address);
        await page.SayAsync("Act one");
        await Expect(page.Send).ToBeVisibleAsync();

        await page.Answer.GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Compare with another model" }).ClickAsync();
        await page.Dialog.GetByRole(AriaRole.Option, new() { Name = "understudy" }).ClickAsync();

        var columns = page.Region("Answers of two models").GetByRole(AriaRole.Article);
        await Expect(columns).ToContainTextAsync(["By the actor.", "By the understudy."]);
        await page.Message.FillAsync("Which one?");
        await page.Message.PressAsync("Enter");
        await Expect(page.Page.GetByText("Continue with one of the answers to send another message.")).ToBeVisibleAsync();
        await Expect(page.Questions).ToHaveCountAsync(1);

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Continue with this one" }).First.ClickAsync();
        await Expect(page.Message).ToBeFocusedAsync();
        await page.Message.PressAsync("Enter");

        await Expect(page.Questions).ToHaveCountAsync(2);
        await Expect(page.Answer).ToContainTextAsync("By the actor.");
    }
}

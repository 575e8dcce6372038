using FuncChat.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>One user with two browsers, whose chats are in step through the server.</summary>
[Trait("Category", "Browser")]
public sealed class ThreadSyncTests(Chrome chrome) : IClassFixture<Chrome>, IAsyncLifetime
{
    private SignInIssuer _issuer = null!;
    private ScriptedModelServer _model = null!;
    private PageServer _server = null!;
    private ChatPage _desk = null!;
    private ChatPage _phone = null!;

    public async Task InitializeAsync()
    {
        _issuer = await SignInIssuer.StartAsync();
        _model = await ScriptedModelServer.StartAsync();
        _server = await PageServer.StartAsync(
            ("FuncChat__Auth__Providers__test-issuer__Authority", _issuer.Address), ("FuncChat__Auth__Providers__test-issuer__Audience", OpenIdIssuer.Audience),
            ("ALLOWED_EMAILS", "ada@example.com"),
            ("FuncChat__Providers__scripted__Url", _model.BaseUrl), ("FuncChat__Providers__scripted__Models", "actor,understudy"));
        _desk = await chrome.OpenAsync(_server);
        _phone = await chrome.OpenAsync(_server);
    }

    public async Task DisposeAsync()
    {
        await _phone.DisposeAsync();
        await _desk.DisposeAsync();
        await _server.DisposeAsync();
        await _model.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task Running_answer_is_visible_in_the_other_browser_and_can_be_continued_there()
    {
        var goOn = new ManualSignal();
        _model.Answers(answer => answer.Text("Before the end").WaitFor(goOn).Text(", and after it.").Ends()).Says("From the phone.");
        await _desk.SignInAsync("ada");
        await _desk.SayAsync("Tell me about tides.");
        await Expect(_desk.Answer).ToContainTextAsync("Before the end");

        await _phone.SignInAsync("ada");
        await Chat(_phone, "Tell me about tides.").ClickAsync();
        await Expect(_phone.Questions).ToContainTextAsync(["Tell me about tides."]);
        await Expect(_phone.Answer).ToContainTextAsync("Before the end");
        goOn.Set();
        await Expect(_phone.Answer).ToContainTextAsync("Before the end, and after it.");
        await Expect(_desk.Answer).ToContainTextAsync("Before the end, and after it.");

        await _phone.SayAsync("And now?");

        await Expect(_phone.Answer).ToContainTextAsync("From the phone.");
        await Expect(_desk.Answer).ToContainTextAsync("From the phone.");
        Assert.Equal(2, _model.Requests.Count);
        Assert.Contains("and after it.", _model.Requests[1].Body.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(_desk.Errors);
        Assert.Empty(_phone.Errors);
    }

    [Fact]
    public async Task All_chats_are_deleted_on_the_server_and_in_the_other_browser()
    {
        _model.Otherwise(request => new ScriptedAnswer().Text($"Answer to {request.LastText()}.").Ends());
        await _desk.SignInAsync("ada");
        foreach (var text in new[] { "First", "Second" })
        {
            await _desk.PressButtonAsync("New chat");
            await _desk.SayAsync(text);
            await Expect(_desk.Answer).ToContainTextAsync($"Answer to {text}.");
        }
        await _phone.SignInAsync("ada");
        await Expect(Chat(_phone, "First")).ToBeVisibleAsync();
        await Expect(Chat(_phone, "Second")).ToBeVisibleAsync();

        await _desk.PressButtonAsync("Settings");
        await _desk.PressButtonAsync("Delete all chats");
        await Expect(_desk.Dialog).ToContainTextAsync("They are deleted on the server and on your other devices too.");
        await _desk.PressButtonAsync("Delete 2 chats");

        await Expect(_desk.ToastTitle).ToHaveTextAsync("All chats were deleted.");
        await Expect(Chat(_phone, "First")).ToHaveCountAsync(0);
        await Expect(Chat(_phone, "Second")).ToHaveCountAsync(0);
        Assert.Empty(_desk.Errors);
    }

    [Fact]
    public async Task Comparison_is_kept_on_the_server_as_two_versions_of_the_answer()
    {
        var goOn = new ManualSignal();
        _model.Otherwise(request => new ScriptedAnswer().Text("By the ").WaitFor(goOn).Text($"{request.Body.GetProperty("model").GetString()}.").Ends());
        await _desk.SignInAsync("ada");
        await _desk.PressButtonAsync("Compare with another model");
        await _desk.Dialog.GetByRole(AriaRole.Option, new() { Name = "understudy" }).ClickAsync();
        await _desk.SayAsync("Act one");
        var columns = _desk.Region("Answers of two models").GetByRole(AriaRole.Article);
        await Expect(columns).ToContainTextAsync(["By the", "By the"]);
        goOn.Set();
        await Expect(columns).ToContainTextAsync(["By the actor.", "By the understudy."]);

        await _desk.Page.GetByRole(AriaRole.Button, new() { Name = "Continue with this one" }).Last.ClickAsync();
        await _desk.SayAsync("Act two");
        await Expect(_desk.Questions).ToHaveCountAsync(2);
        await Expect(_desk.Send).ToBeVisibleAsync();

        await _phone.SignInAsync("ada");
        await Chat(_phone, "Act one").ClickAsync();
        await Expect(_phone.Questions).ToContainTextAsync(["Act one", "Act two"]);
        var versions = _phone.Conversation.GetByRole(AriaRole.Group, new() { Name = "Versions" });
        await Expect(versions).ToContainTextAsync("/2");

        // Both requests are sent at the same time: the server orders them as they arrive.
        await versions.GetByRole(AriaRole.Button, new() { Disabled = false }).ClickAsync();
        await Expect(_phone.Answer).ToContainTextAsync("By the actor.");
        Assert.Empty(_desk.Errors);
    }

    [Fact]
    public async Task Message_that_is_deleted_with_its_answer_only_disappears_from_the_middle_in_both_browsers()
    {
        _model.Otherwise(request => new ScriptedAnswer().Text($"Answer to {request.LastText()}.").Ends());
        await _desk.SignInAsync("ada");
        foreach (var question in new[] { "One", "Two", "Three" })
        {
            await _desk.SayAsync(question);
            await Expect(_desk.Answer).ToContainTextAsync($"Answer to {question}.");
            await Expect(_desk.Send).ToBeVisibleAsync();
        }

        await _phone.SignInAsync("ada");
        await Chat(_phone, "One").ClickAsync();
        await Expect(_phone.Questions).ToContainTextAsync(["One", "Two", "Three"]);

        await _desk.Questions.Nth(1).HoverAsync();
        await _desk.Questions.Nth(1).GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
        await _desk.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Delete only this and its answer" }).ClickAsync();
        await Expect(_desk.ToastTitle).ToHaveTextAsync("2 messages were deleted.");
        await Expect(_desk.Questions).ToContainTextAsync(["One", "Three"]);
        await Expect(_phone.Questions).ToContainTextAsync(["One", "Three"]);
        await Expect(_phone.Questions).ToHaveCountAsync(2);
        await Expect(_phone.Answer).ToContainTextAsync("Answer to Three.");

        await _phone.SayAsync("Four");
        await Expect(_phone.Answer).ToContainTextAsync("Answer to Four.");
        await Expect(_desk.Questions).ToContainTextAsync(["One", "Three", "Four"]);
        await Expect(_desk.Questions).ToHaveCountAsync(3);
        Assert.Equal(["One", "Answer to One.", "Three", "Answer to Three.", "Four"], Texts(_model.Requests[^1]));
        Assert.Empty(_desk.Errors);
        Assert.Empty(_phone.Errors);
    }

    [Fact]
    public async Task Message_that_is_deleted_offline_leaves_what_the_other_browser_has_added_meanwhile()
    {
        _model.Otherwise(request => new ScriptedAnswer().Text($"Answer to {request.LastText()}.").Ends());
        await _desk.SignInAsync("ada");
        foreach (var question in new[] { "One", "Two" })
        {
            await _desk.SayAsync(question);
            await Expect(_desk.Answer).ToContainTextAsync($"Answer to {question}.");
            await Expect(_desk.Send).ToBeVisibleAsync();
        }

        await _phone.SignInAsync("ada");
        await Chat(_phone, "One").ClickAsync();
        await Expect(_phone.Questions).ToContainTextAsync(["One", "Two"]);
        await _desk.Questions.Nth(0).HoverAsync();
        await _desk.Questions.Nth(0).GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
        var delete = _desk.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Delete only this and its answer" });
        await Expect(delete).ToBeVisibleAsync();
        await _desk.Page.Context.SetOfflineAsync(true);
        await _phone.SayAsync("Three");
        await Expect(_phone.Answer).ToContainTextAsync("Answer to Three.");

        await delete.ClickAsync();
        await Expect(_desk.Questions).ToContainTextAsync(["Two"]);
        await Expect(_desk.Questions).ToHaveCountAsync(1);
        await _desk.Page.Context.SetOfflineAsync(false);

        foreach (var page in new[] { _desk, _phone })
        {
            await Expect(page.Questions).ToContainTextAsync(["Two", "Three"]);
            await Expect(page.Questions).ToHaveCountAsync(2);
            await Expect(page.Answer).ToContainTextAsync("Answer to Three.");
        }
    }

    private static IEnumerable<string?> Texts(ScriptedRequest request) =>
        request.Body.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("content").GetString());

    private static ILocator Chat(ChatPage page, string title) => page.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link).Filter(new() { HasText = title });
}

using FuncChat.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>Chats in folders of the side bar.</summary>
[Trait("Category", "Browser")]
public sealed class FolderTests(Chrome chrome) : IClassFixture<Chrome>, IAsyncLifetime
{
    private ScriptedModelServer _model = null!;

    public async Task InitializeAsync()
    {
        _model = await ScriptedModelServer.StartAsync();
        foreach (var _ in Enumerable.Range(0, 4))
            _model.Says("Noted.");
    }

    public async Task DisposeAsync() => await _model.DisposeAsync();

    [Fact]
    public async Task Chats_are_moved_by_menu_and_by_dragging_and_folders_are_renamed_and_deleted()
    {
        await using var server = await StartAsync();
        await using var page = await chrome.OpenAsync(server.Address);
        foreach (var topic in new[] { "Tides", "Taxes", "Tulips" })
            await ChatAsync(page, topic);

        await MoveToNewAsync(page, "Tides", "Science");
        await Expect(ChatsIn(page, "Science")).ToHaveTextAsync(["Tides"]);
        await Link(page, "Tulips").DragToAsync(page.Region("Science"));
        await Expect(ChatsIn(page, "Science")).ToHaveTextAsync(["Tulips", "Tides"]);
        await Link(page, "Tulips").DragToAsync(Link(page, "Taxes"));
        await Expect(ChatsIn(page, "Science")).ToHaveTextAsync(["Tides"]);
        await OpenMenuAsync(page, "Actions for Taxes");
        await Item(page, "Move to folder").HoverAsync();
        await Item(page, "Science").ClickAsync();
        await Expect(ChatsIn(page, "Science")).ToHaveTextAsync(["Taxes", "Tides"]);

        await OpenMenuAsync(page, "Actions for the folder Science");
        await Item(page, "Rename").ClickAsync();
        await page.Dialog.GetByLabel("Name").FillAsync("Nature");
        await page.Dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.ReloadAsync();
        await Expect(ChatsIn(page, "Nature")).ToHaveTextAsync(["Taxes", "Tides"]);
        Assert.Empty(await page.AxeAsync());

        await OpenMenuAsync(page, "Actions for the folder Nature");
        await Item(page, "New chat in this folder").ClickAsync();
        await Expect(page.Page.GetByText("This chat begins in the folder “Nature”.")).ToBeVisibleAsync();
        await page.SayAsync("Trees");
        await Expect(page.Answer).ToContainTextAsync("Noted.");
        await Expect(ChatsIn(page, "Nature")).ToHaveTextAsync(["Trees", "Taxes", "Tides"]);

        await page.Region("Nature").GetByRole(AriaRole.Button, new() { Name = "Nature", Expanded = true }).ClickAsync();
        await Expect(ChatsIn(page, "Nature")).ToHaveCountAsync(0);
        await OpenMenuAsync(page, "Actions for the folder Nature");
        await Item(page, "Delete folder, keep its chats").ClickAsync();
        await Expect(page.Region("Nature")).ToHaveCountAsync(0);
        await Expect(Link(page, "Tides")).ToBeVisibleAsync();
        await page.PressButtonAsync("Undo");
        await Expect(page.Region("Nature")).ToHaveCountAsync(1);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Folder_is_the_same_on_another_device()
    {
        await using var issuer = await SignInIssuer.StartAsync();
        await using var server = await StartAsync(
            ("FuncChat__Auth__Providers__test-issuer__Authority", issuer.Address), ("FuncChat__Auth__Providers__test-issuer__Audience", OpenIdIssuer.Audience),
            ("ALLOWED_EMAILS", "ada@example.com"));
        await using var desk = await chrome.OpenAsync(server);
        await desk.SignInAsync("ada");
        await ChatAsync(desk, "Tides");
        await MoveToNewAsync(desk, "Tides", "Science");

        await using var phone = await chrome.OpenAsync(server);
        await phone.SignInAsync("ada");
        await Expect(ChatsIn(phone, "Science")).ToHaveTextAsync(["Tides"]);
        await OpenMenuAsync(phone, "Actions for Tides");
        await Item(phone, "Move to folder").HoverAsync();
        await Item(phone, "Take out of the folder").ClickAsync();

        await Expect(desk.Region("Science")).ToHaveCountAsync(0);
        await Expect(Link(desk, "Tides")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Export_of_all_brings_back_folders_assistants_and_prompts_in_another_browser()
    {
        await using var server = await StartAsync();
        await using var page = await chrome.OpenAsync(server.Address);
        await ChatAsync(page, "Tides");
        await MoveToNewAsync(page, "Tides", "Science");
        await page.Page.EvaluateAsync(
            """
            () => {
              localStorage.setItem('funcchat.assistants', JSON.stringify([{ id: '1', name: 'Pirate', instructions: 'Talk like a pirate.' }]));
              localStorage.setItem('funcchat.prompts', JSON.stringify([{ id: '2', name: 'Greeting', text: 'Say hello.' }]));
            }
            """);
        await page.ReloadAsync();
        await page.PressButtonAsync("Settings");
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.PressButtonAsync("Export all"));
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "all.json");
        await download.SaveAsAsync(file);

        await using var other = await chrome.OpenAsync(server.Address);
        await other.PressButtonAsync("Settings");
        await other.Page.GetByLabel("File to import").SetInputFilesAsync(file);
        await Expect(other.ToastTitle).ToContainTextAsync("1");

        await Expect(ChatsIn(other, "Science")).ToHaveTextAsync(["Tides"]);
        await Expect(other.Page.GetByRole(AriaRole.Button, new() { Name = "Pirate" })).ToBeVisibleAsync();
        await other.Message.FillAsync("/gree");
        await Expect(other.Page.GetByRole(AriaRole.Option, new() { Name = "Greeting" })).ToBeVisibleAsync();
        Assert.Empty(other.Errors);
    }

    private static async Task ChatAsync(ChatPage page, string topic)
    {
        await page.PressButtonAsync("New chat");
        await page.SayAsync(topic);
        await Expect(page.Answer).ToContainTextAsync("Noted.");
    }

    [Fact]
    public async Task Name_of_a_new_folder_can_be_typed_at_once()
    {
        await using var server = await StartAsync();
        await using var page = await chrome.OpenAsync(server.Address);
        await ChatAsync(page, "Tides");

        await OpenMenuAsync(page, "Actions for Tides");
        await Item(page, "Move to folder").HoverAsync();
        await Item(page, "New folder…").ClickAsync();
        await Expect(page.Dialog).ToBeVisibleAsync();
        await page.Page.Keyboard.TypeAsync("Science");
        await page.PressAsync("Enter");

        await Expect(ChatsIn(page, "Science")).ToHaveTextAsync(["Tides"]);
    }

    [Fact]
    public async Task Folders_of_the_menu_are_on_a_narrow_screen()
    {
        await using var server = await StartAsync();
        await using var page = await chrome.OpenAsync(server.Address, width: 360);
        await page.SayAsync("Tides");
        await Expect(page.Answer).ToContainTextAsync("Noted.");
        await page.PressButtonAsync("Show chats");
        await OpenMenuAsync(page, "Actions for Tides");

        await Item(page, "Move to folder").PressAsync("ArrowRight");

        await Expect(Item(page, "New folder…")).ToBeFocusedAsync();
        var box = await Item(page, "New folder…").BoundingBoxAsync();
        Assert.InRange(box!.X, 0, 360 - box.Width);
    }

    [Fact]
    public async Task All_chats_of_a_folder_get_its_instructions()
    {
        await using var server = await StartAsync();
        await using var page = await chrome.OpenAsync(server.Address);
        await ChatAsync(page, "Tides");
        await MoveToNewAsync(page, "Tides", "Science");
        await OpenMenuAsync(page, "Actions for the folder Science");
        await Item(page, "Instructions").ClickAsync();
        await page.Dialog.GetByRole(AriaRole.Textbox).FillAsync("Cite sources.");
        Assert.Empty(await page.AxeAsync());
        await page.Dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.ReloadAsync();

        await OpenMenuAsync(page, "Actions for the folder Science");
        await Item(page, "New chat in this folder").ClickAsync();
        await page.SayAsync("Trees");
        await Expect(page.Answer).ToContainTextAsync("Noted.");

        Assert.Contains("Cite sources.", _model.Requests[^1].Body.GetProperty("messages")[0].GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    private static async Task MoveToNewAsync(ChatPage page, string chat, string folder)
    {
        await OpenMenuAsync(page, $"Actions for {chat}");
        await Item(page, "Move to folder").HoverAsync();
        await Item(page, "New folder…").ClickAsync();
        await page.Dialog.GetByLabel("Name").FillAsync(folder);
        await page.Dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
    }

    private static async Task OpenMenuAsync(ChatPage page, string name) =>
        await page.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    private static ILocator Item(ChatPage page, string name) => page.Page.GetByRole(AriaRole.Menuitem, new() { Name = name, Exact = true });

    private static ILocator ChatsIn(ChatPage page, string folder) => page.Region(folder).GetByRole(AriaRole.Link);

    private static ILocator Link(ChatPage page, string title) => page.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = title });

    private Task<PageServer> StartAsync(params (string Name, string Value)[] settings) => PageServer.StartAsync([
        ("FuncChat__Providers__scripted__Url", _model.BaseUrl), ("FuncChat__Providers__scripted__Models", "actor"),
        ("FuncChat__Threads__TitleModel", "none"), .. settings,
    ]);
}

using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace FuncChat.Tests.Browser;

/// <summary>The page as a person knows it: by the roles and names of what is on it.</summary>
internal sealed class ChatPage : IAsyncDisposable
{
    private readonly IPage _page;
    private readonly ConcurrentQueue<string> _faults = new();

    public ChatPage(IPage page)
    {
        _page = page;
        _page.SetDefaultTimeout(60_000);
        _page.PageError += (_, error) => _faults.Enqueue(error);
    }

    /// <summary>Errors of the page's own script that nothing caught.</summary>
    public IEnumerable<string> Faults => _faults;

    public ILocator Message => _page.GetByRole(AriaRole.Textbox, new() { Name = "Message" });

    public ILocator Send => _page.GetByRole(AriaRole.Button, new() { Name = "Send message" });

    public ILocator Stop => _page.GetByRole(AriaRole.Button, new() { Name = "Stop answering" });

    public ILocator Model => _page.GetByRole(AriaRole.Combobox, new() { Name = "Model" });

    public ILocator Conversation => _page.GetByRole(AriaRole.Log, new() { Name = "Conversation" });

    public ILocator Questions => Conversation.GetByRole(AriaRole.Article, new() { Name = "You" });

    public ILocator Answer => Conversation.GetByRole(AriaRole.Article, new() { Name = "Answer" }).Last;

    public ILocator ToastTitle => _page.GetByRole(AriaRole.Region, new() { Name = "Notifications" }).Locator("[data-title]");

    /// <summary>The card of a tool's call in this state, such as `Complete`.</summary>
    public ILocator Tool(string name, string state) => Answer.GetByRole(AriaRole.Region, new() { Name = $"Tool {name}: {state}", Exact = true });

    public Task OpenAsync(Uri address) => _page.GotoAsync(address.ToString());

    public Task ReloadAsync() => _page.ReloadAsync();

    public Task PressAsync(string key) => _page.Keyboard.PressAsync(key);

    public async Task SayAsync(string text)
    {
        await Message.FillAsync(text);
        await Message.PressAsync("Enter");
    }

    public async ValueTask DisposeAsync() => await _page.Context.DisposeAsync();
}

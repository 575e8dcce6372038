using System.Collections.Concurrent;
using FuncChat.Tests.Support;
using Microsoft.Playwright;

namespace FuncChat.Tests.Browser;

/// <summary>The page as a user knows it: by the roles and names of what is on it.</summary>
internal sealed class ChatPage : IAsyncDisposable
{
    private readonly IPage _page;
    private readonly ConcurrentQueue<string> _errors = new();

    public ChatPage(IPage page)
    {
        _page = page;
        _page.SetDefaultTimeout(60_000);
        _page.PageError += (_, error) => _errors.Enqueue(error);
    }

    /// <summary>For actions that only some tests need.</summary>
    public IPage Page => _page;

    /// <summary>Uncaught errors of the page's own script.</summary>
    public IEnumerable<string> Errors => _errors;

    public ILocator Message => _page.GetByRole(AriaRole.Textbox, new() { Name = "Message" });

    public ILocator Send => _page.GetByRole(AriaRole.Button, new() { Name = "Send message" });

    public ILocator Stop => _page.GetByRole(AriaRole.Button, new() { Name = "Stop answering" });

    public ILocator Model => _page.GetByRole(AriaRole.Button, new() { Name = "Model:" });

    public ILocator Conversation => _page.GetByRole(AriaRole.Log, new() { Name = "Conversation" });

    public ILocator Questions => Conversation.GetByRole(AriaRole.Article, new() { Name = "You" });

    public ILocator Answer => Conversation.GetByRole(AriaRole.Article, new() { Name = "Answer" }).Last;

    public ILocator ToastTitle => _page.GetByRole(AriaRole.Region, new() { Name = "Notifications" }).Locator("[data-title]");

    /// <summary>The card of a tool call in this state, such as `Complete`.</summary>
    public ILocator Tool(string name, string state) => Answer.GetByRole(AriaRole.Group, new() { Name = $"Tool {name}: {state}", Exact = true });

    public ILocator Dialog => _page.GetByRole(AriaRole.Dialog);

    public ILocator ModelCalls => Answer.GetByRole(AriaRole.Region, new() { Name = "Model calls of this answer" });

    public ILocator Plan => _page.GetByRole(AriaRole.Article, new() { Name = "Plan" });

    public ILocator Region(string name) => _page.GetByRole(AriaRole.Region, new() { Name = name, Exact = true });

    public ILocator Field(string label) => _page.GetByLabel(label, new() { Exact = true });

    public Task OpenAsync(Uri address) => _page.GotoAsync(address.ToString());

    public Task ReloadAsync() => _page.ReloadAsync();

    public Task BackAsync() => _page.GoBackAsync();

    public Task PressButtonAsync(string name) => _page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    public Task PressAsync(string key) => _page.Keyboard.PressAsync(key);

    public async Task SayAsync(string text)
    {
        await Message.FillAsync(text);
        await Assertions.Expect(Send).ToBeEnabledAsync();
        await Message.PressAsync("Enter");
    }

    public Task OpenModelCallsAsync() => Answer.GetByRole(AriaRole.Button, new() { Name = "model call" }).ClickAsync();

    /// <summary>Opens every folded part of the conversation.</summary>
    public Task UnfoldAllAsync() => _page.EvaluateAsync("() => document.querySelectorAll('[role=log] details').forEach(part => { part.open = true; })");

    /// <summary>What a script that must not run would have set.</summary>
    public Task<string?> CanaryAsync() => _page.EvaluateAsync<string?>("() => window.canary ?? null");

    /// <summary>Shows this HTML as a page that trusts it would.</summary>
    public Task ShowUnprotectedAsync(string html) => _page.SetContentAsync(html, new() { WaitUntil = WaitUntilState.DOMContentLoaded });

    /// <summary>Pixels by which the page or its conversation overflows its width.</summary>
    public Task<int> OverflowAsync() => _page.EvaluateAsync<int>(
        "() => Math.max(...[document.documentElement, ...document.querySelectorAll('main, [role=log], dialog, dialog [role=listbox]')].map(part => part.scrollWidth - part.clientWidth))");

    /// <summary>Waits until the page's background is dark, or else light: colors may fade.</summary>
    public Task BecomesDarkAsync(bool dark) => _page.WaitForFunctionAsync(
        "dark => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).every(part => dark ? part < 64 : part > 191)", dark);

    /// <summary>The violations that axe finds: rule and element.</summary>
    public async Task<string[]> AxeAsync()
    {
        // Evaluated instead of added as an element, because the page's Content-Security-Policy allows only its own scripts.
        if (!await _page.EvaluateAsync<bool>("() => 'axe' in window"))
            await _page.EvaluateAsync(await File.ReadAllTextAsync(Repository.PathOf("staticwebapp", "node_modules", "axe-core", "axe.min.js")));
        return await _page.EvaluateAsync<string[]>(
            "async () => (await axe.run()).violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html} ${node.failureSummary}`))");
    }

    public async ValueTask DisposeAsync() => await _page.Context.DisposeAsync();
}

using Microsoft.Playwright;

namespace FuncChat.Tests.Browser;

/// <summary>The Chrome or Chromium of this machine, started once for all tests of a collection.</summary>
public sealed class Chrome : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        // No test waits this long, unless what it waits for never comes.
        Assertions.SetDefaultExpectTimeout(60_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Find(),
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>Opens the page as someone who was never here before.</summary>
    internal Task<ChatPage> OpenAsync(PageServer server) => OpenAsync(server.Address);

    internal async Task<ChatPage> OpenAsync(Uri address, ColorScheme colours = ColorScheme.Light, int width = 1280)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = colours,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new ViewportSize { Width = width, Height = 800 },
        });
        var page = new ChatPage(await context.NewPageAsync());
        await page.OpenAsync(address);
        return page;
    }

    private static string Find()
    {
        string[] names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe"];
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        IEnumerable<string?> candidates =
        [
            Environment.GetEnvironmentVariable("CHROME_PATH"),
            .. names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))),
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            @"C:\Program Files\Google\Chrome\Application\chrome.exe",
        ];
        return candidates.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("The browser tests need Chrome or Chromium: install one, or set CHROME_PATH to where it is.");
    }
}

/// <summary>The browser tests but those of <see cref="SecondChromeTests"/>, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ChromeTests : ICollectionFixture<Chrome>, ICollectionFixture<DemoServer>
{
    public const string Name = "Chrome";
}

/// <summary>Some of the browser tests, which have servers of their own: they run beside the others, since there is a second core.</summary>
[CollectionDefinition(Name)]
public sealed class SecondChromeTests : ICollectionFixture<Chrome>
{
    public const string Name = "Second Chrome";
}

using FuncChat.Tests.Support;
using Microsoft.Playwright;

namespace FuncChat.Tests.Browser;

/// <summary>The Chrome or Chromium of this machine, or better its headless shell, which needs half of the processor time. Test classes run at the same time and share one process; each test has a profile of its own.</summary>
public sealed class Chrome : IAsyncLifetime
{
    private static readonly SharedStart<Launched> Shared = new(LaunchAsync);

    private Launched? _launched;

    public async Task InitializeAsync() => _launched = await Shared.AcquireAsync();

    public async Task DisposeAsync()
    {
        if (_launched is not null)
            await Shared.ReleaseAsync();
    }

    /// <summary>Opens the page as a new user.</summary>
    internal Task<ChatPage> OpenAsync(PageServer server) => OpenAsync(server.Address);

    internal async Task<ChatPage> OpenAsync(
        Uri address, ColorScheme colors = ColorScheme.Light, int width = 1280, bool keepsFiles = false, string language = "en-US", bool touch = false,
        params string[] permissions)
    {
        var context = await _launched!.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = colors,
            HasTouch = touch,
            Locale = language,
            Permissions = permissions,
            ReducedMotion = ReducedMotion.Reduce,
            // The service worker would answer requests that tests intercept.
            ServiceWorkers = keepsFiles ? ServiceWorkerPolicy.Allow : ServiceWorkerPolicy.Block,
            ViewportSize = new ViewportSize { Width = width, Height = 800 },
        });
        var page = new ChatPage(await context.NewPageAsync());
        await page.OpenAsync(address);
        return page;
    }

    private static async Task<Launched> LaunchAsync()
    {
        // Longer than any test waits, unless what it waits for never happens.
        Assertions.SetDefaultExpectTimeout(60_000);
        var playwright = await Playwright.CreateAsync();
        return new Launched(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Find(),
            Timeout = 120_000,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--renderer-process-limit=1", // otherwise Chrome starts a spare process for each profile, which no test uses
            ],
        }));
    }

    private static string Find()
    {
        string[] names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe"];
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

    private sealed record Launched(IPlaywright Playwright, IBrowser Browser) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Browser.DisposeAsync();
            Playwright.Dispose();
        }
    }
}

using FuncChat.Tests.Support;

namespace FuncChat.Tests.Browser;

/// <summary>FuncChat.Local with the page, as users start it: a process of its own, in an empty folder.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly (string Name, string Value)[] _settings;
    private LocalProcess _process;

    private PageServer(LocalProcess process, DirectoryInfo folder, (string Name, string Value)[] settings)
    {
        _process = process;
        _folder = folder;
        _settings = settings;
    }

    public Uri Address => _process.Http.BaseAddress!;

    public static async Task<PageServer> StartAsync(params (string Name, string Value)[] settings)
    {
        // Without it, FuncChat.Local would build the page itself in the middle of a test.
        var page = Repository.PathOf("staticwebapp", "dist", "index.html");
        Assert.True(File.Exists(page), $"The page is not built: run `npm ci && npm run build` in staticwebapp, or ./test.sh. Missing: {page}");

        // The keys of the user who runs the tests must not matter.
        settings =
        [
            // The page would ask the scripted model for titles.
            ("FuncChat__Threads__TitleModel", "none"), ("FuncChat__ServePage", "true"), ("OPENAI_API_KEY", ""), ("OPENAI_API_URL", ""), ("GROQ_API_KEY", ""), ("GROQ_API_URL", ""), .. settings,
        ];
        var folder = Directory.CreateTempSubdirectory("funcchat-test-");
        return new PageServer(await LocalProcess.StartAsync(folder.FullName, settings), folder, settings);
    }

    /// <summary>Ends it with SIGKILL.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Starts it again over the same data, on another port.</summary>
    public async Task StartAgainAsync()
    {
        await _process.DisposeAsync();
        _process = await LocalProcess.StartAsync(_folder.FullName, _settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

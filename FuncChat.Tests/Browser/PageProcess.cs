using FuncChat.Tests.Support;

namespace FuncChat.Tests.Browser;

/// <summary>FuncChat.Local with the page, as users start it: a process of its own, in an empty folder.</summary>
internal sealed class PageProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly (string Name, string Value)[] _settings;
    private LocalProcess _process;

    private PageProcess(LocalProcess process, TemporaryFolder folder, (string Name, string Value)[] settings)
    {
        _process = process;
        _folder = folder;
        _settings = settings;
    }

    public Uri Address => _process.Http.BaseAddress!;

    public static async Task<PageProcess> StartAsync(params (string Name, string Value)[] settings)
    {
        settings = PageSettings.With(settings);
        var folder = new TemporaryFolder();
        return new PageProcess(await LocalProcess.StartAsync(folder.Path, settings), folder, settings);
    }

    /// <summary>Ends it with SIGKILL.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Starts it again over the same data, on another port.</summary>
    public async Task StartAgainAsync()
    {
        await _process.DisposeAsync();
        _process = await LocalProcess.StartAsync(_folder.Path, _settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}

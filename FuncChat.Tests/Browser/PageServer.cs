using FuncChat.Local;
using FuncChat.Tests.Support;
using Microsoft.AspNetCore.Builder;

namespace FuncChat.Tests.Browser;

/// <summary>FuncChat.Local with the page, in the test's own process: a process for each test spends most of its time to start (<see cref="PageProcess"/>).</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder;

    private PageServer(WebApplication app, TemporaryFolder folder) => (_app, _folder) = (app, folder);

    public Uri Address => new(_app.Urls.Single());

    /// <param name="settings">As environment variables.</param>
    public static async Task<PageServer> StartAsync(params (string Name, string Value)[] settings)
    {
        var folder = new TemporaryFolder();
        WebApplication? app = null;
        try
        {
            app = await LocalApp.BuildAsync(
            [
                "--urls=http://127.0.0.1:0", "--environment=Production", $"--contentRoot={folder.Path}", "--Logging:LogLevel:Default=None",
                .. PageSettings.With([("FuncChat__DataPath", folder.Path), .. settings])
                    .Select(setting => $"--{setting.Name.Replace("__", ":", StringComparison.Ordinal)}={setting.Value}"),
            ]);
            await app.StartAsync();
            return new PageServer(app, folder);
        }
        catch
        {
            if (app is not null)
                await app.DisposeAsync();
            folder.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}

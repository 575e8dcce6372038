using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Browser;

/// <summary>The page under the emulator of Azure Static Web Apps, on a free port of 127.0.0.1, with its API elsewhere.</summary>
internal sealed class PageEmulator : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly NodeTool _emulator;

    private PageEmulator(TemporaryFolder folder, NodeTool emulator, string address) => (_folder, _emulator, Address) = (folder, emulator, new Uri(address));

    public Uri Address { get; }

    public static async Task<PageEmulator> StartAsync()
    {
        var dist = Repository.PathOf("staticwebapp", "dist");
        Assert.True(File.Exists(Path.Combine(dist, "index.html")), $"The page is not built: run `npm ci && npm run build` in staticwebapp. Missing: {dist}");
        var folder = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(dist, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder.Path, Path.GetRelativePath(dist, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var (emulator, addresses) = await NodeTool.StartAsync(
            Repository.PathOf("FuncChat.Tests", "Browser", "emulator"), Path.Combine("@azure", "static-web-apps-cli", "dist", "cli", "bin.js"),
            ["emulator started at "],
            "start", folder.Path, "--swa-config-location", folder.Path, "--host", "127.0.0.1", "--port", UnusedPort.Find().ToString("D", null));
        return new PageEmulator(folder, emulator, addresses[0].Split(". ")[0]);
    }

    /// <summary>Writes the API's address to the page's config.json, as a deployment does.</summary>
    public void Use(Uri api) => File.WriteAllText(
        Path.Combine(_folder.Path, "config.json"), JsonSerializer.Serialize(new { api_base = api.GetLeftPart(UriPartial.Authority) }));

    public async ValueTask DisposeAsync()
    {
        await _emulator.DisposeAsync();
        _folder.Dispose();
    }
}

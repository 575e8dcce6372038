namespace FuncChat.Tests.Browser;

/// <summary>The page under the emulator of Azure Static Web Apps, with its API on another origin, shared by the tests of a class.</summary>
public sealed class EmulatedPage : IAsyncLifetime
{
    private PageServer? _api;

    internal PageEmulator Emulator { get; private set; } = null!;

    internal Uri Api => _api!.Address;

    public async Task InitializeAsync()
    {
        Emulator = await PageEmulator.StartAsync();
        _api = await PageServer.StartAsync(
            ("FuncChat__ServePage", "false"), ("FuncChat__Cors__Origins", Emulator.Address.GetLeftPart(UriPartial.Authority)));
        Emulator.Use(Api);
    }

    public async Task DisposeAsync()
    {
        if (_api is not null)
            await _api.DisposeAsync();
        await Emulator.DisposeAsync();
    }
}

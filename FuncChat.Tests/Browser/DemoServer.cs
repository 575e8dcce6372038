using FuncChat.Tests.Support;

namespace FuncChat.Tests.Browser;

/// <summary>FuncChat.Local without settings as a process, except that the demo model writes faster. Test classes share it: each test is a new user.</summary>
public sealed class DemoServer : IAsyncLifetime
{
    private static readonly SharedStart<PageProcess> Shared = new(() => PageProcess.StartAsync(("FuncChat__Demo__WordDelay", "0.002")));

    private PageProcess? _server;

    internal Uri Address => _server!.Address;

    public async Task InitializeAsync() => _server = await Shared.AcquireAsync();

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await Shared.ReleaseAsync();
    }
}

namespace FuncChat.Tests.Browser;

/// <summary>FuncChat.Local as it is with no setting at all, started once: each test is somebody new to it.</summary>
public sealed class DemoServer : IAsyncLifetime
{
    private PageServer? _server;

    internal Uri Address => _server!.Address;

    public async Task InitializeAsync() => _server = await PageServer.StartAsync();

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}

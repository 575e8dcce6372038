using FuncChat.Tests.Support;

namespace FuncChat.Tests.Browser;

/// <summary>FuncChat.Local with a scripted model, shared by the tests of a class, which run one after the other.</summary>
public sealed class ScriptedServer : IAsyncLifetime
{
    private PageServer? _server;

    public ScriptedModelServer Model { get; private set; } = null!;

    internal Uri Address => _server!.Address;

    public async Task InitializeAsync()
    {
        Model = await ScriptedModelServer.StartAsync();
        _server = await PageServer.StartAsync(
            ("FuncChat__Providers__scripted__Url", Model.BaseUrl), ("FuncChat__Providers__scripted__Models", "actor,understudy"));
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        await Model.DisposeAsync();
    }
}

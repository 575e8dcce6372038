using FuncChat.Tests.Support;

namespace FuncChat.Tests.Browser;

/// <summary>The real server with a real browser, and an issuer of the test's own to sign in at.</summary>
public abstract class SignInBench(Chrome chrome) : IClassFixture<Chrome>, IAsyncLifetime
{
    internal Chrome Chrome { get; } = chrome;

    internal SignInIssuer Issuer { get; private set; } = null!;

    internal ScriptedModelServer Model { get; private set; } = null!;

    internal PageServer Server { get; private set; } = null!;

    internal TcpRelay Relay { get; private set; } = null!;

    internal ChatPage Page { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Issuer = await SignInIssuer.StartAsync();
        Model = await ScriptedModelServer.StartAsync();
        Server = await PageServer.StartAsync(
            ("FuncChat__Auth__Providers__test-issuer__Authority", Issuer.Address), ("FuncChat__Auth__Providers__test-issuer__Audience", OpenIdIssuer.Audience),
            ("ALLOWED_EMAILS", "ada@example.com,bob@example.com"),
            ("FuncChat__Providers__scripted__Url", Model.BaseUrl), ("FuncChat__Providers__scripted__Models", "actor"));
        Relay = new TcpRelay(Server.Address);
        Page = await Chrome.OpenAsync(Relay.Address);
    }

    public async Task DisposeAsync()
    {
        await Page.DisposeAsync();
        await Relay.DisposeAsync();
        await Server.DisposeAsync();
        await Model.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}

using FuncChat.Tests.Support;
using FuncChat.Tools.Sandboxes;
using FuncChat.Tools.Scrape;
using FuncChat.Tools.Fetch;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Tools.Fetch;

/// <summary>A web of one server: http://site.test/ and any other name lead to it by a public address.</summary>
internal sealed class TestWeb : IAsyncDisposable
{
    private TestWeb(ScriptedWebServer server)
    {
        Server = server;
        Network = new FakeNetwork(server.Url);
        Http = new GuardedHttp(new GuardedConnector(Network, new HashSet<HostAndPort>()));
        Reader = new PageReader(Http, Clock, new ParseBudget(NullLogger<ParseBudget>.Instance), new DocumentReader(SandboxCommand.CreateForDocument, Clock, NullLogger<DocumentReader>.Instance));
    }

    public ScriptedWebServer Server { get; }

    public FakeNetwork Network { get; }

    public FakeTimeProvider Clock { get; } = new();

    public GuardedHttp Http { get; }

    public PageReader Reader { get; }

    public static async Task<TestWeb> StartAsync() => new(await ScriptedWebServer.StartAsync());

    /// <summary>Reads a page of http://site.test, or any other address.</summary>
    public Task<PageContent> ReadAsync(string url, CancellationToken cancellationToken = default) =>
        Reader.ReadAsync(url.StartsWith('/') ? $"http://site.test{url}" : url, TimeSpan.FromSeconds(15), "ada", cancellationToken);

    /// <summary>Serves one body at /page, and reads it.</summary>
    public Task<PageContent> ReadBodyAsync(byte[] body, string? contentType)
    {
        Server.On("/page", body, contentType);
        return ReadAsync("/page");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }
}

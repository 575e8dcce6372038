using System.Net;
using FuncChat.Engine;
using FuncChat.Tools;
using FuncChat.Web;
using FuncChat.Web.Cors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tests.Support;

/// <summary>FuncChat.Local's parts in the test's own process, on a free port of 127.0.0.1, with gated tools beside its own.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LocalServer(WebApplication app)
    {
        _app = app;
        // Each test's connections are its own: one that it cuts is no other's.
        Http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue })
        {
            BaseAddress = new Uri(app.Urls.Single()),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="configure">What a test changes of the parts: their clock, where they log.</param>
    public static Task<LocalServer> StartAsync(
        string dataPath, Action<WebApplicationBuilder> configure, FakeModel? model = null, GatedTools? tools = null,
        params (string Name, string Value)[] settings) => StartAsync(dataPath, model, tools, settings, configure);

    /// <param name="model">The one model of the server; null takes those of the settings.</param>
    public static async Task<LocalServer> StartAsync(
        string dataPath, FakeModel? model = null, GatedTools? tools = null, params (string Name, string Value)[] settings) =>
        await StartAsync(dataPath, model, tools, settings, configure: null);

    /// <summary>Stops as on SIGTERM.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    private static async Task<LocalServer> StartAsync(
        string dataPath, FakeModel? model, GatedTools? tools, (string Name, string Value)[] settings, Action<WebApplicationBuilder>? configure)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(
            [new("FuncChat:DataPath", dataPath), .. settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))]);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        builder.Services.AddRouting();
        builder.Services
            .AddFuncChatTools(builder.Configuration)
            .AddFuncChatEngine(builder.Configuration)
            .AddEmbeddedAdapters(builder.Configuration)
            .AddFuncChatWeb(builder.Configuration);
        if (model is not null)
            builder.Services.AddSingleton(model.Catalog);
        foreach (var tool in tools?.All ?? [])
            builder.Services.AddSingleton(tool);
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseFuncChatCors();
        app.MapFuncChat();
        await app.StartAsync();
        return new LocalServer(app);
    }
}

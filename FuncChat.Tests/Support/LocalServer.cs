using System.Net;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Web;
using FuncChat.Web.Cors;
using FuncChat.Web.Routes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tests.Support;

/// <summary>FuncChat.Local's parts in the test's own process, on a free port of 127.0.0.1, with gated tools next to its own.</summary>
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

    /// <param name="models">The models of the server; null takes those of the settings.</param>
    public static Task<LocalServer> StartAsync(
        string dataPath, ModelCatalog? models = null, GatedTools? tools = null, params (string Name, string Value)[] settings) =>
        StartWithAsync(dataPath, _ => { }, models, tools, settings);

    /// <param name="configure">Changes what the server is made of, last.</param>
    public static async Task<LocalServer> StartWithAsync(
        string dataPath, Action<WebApplicationBuilder> configure, ModelCatalog? models = null, GatedTools? tools = null,
        params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(
            [new("FuncChat:DataPath", dataPath), .. settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))]);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        builder.Services.AddRouting();
        builder.Services.AddFuncChat(builder.Configuration);
        if (models is not null)
            builder.Services.AddSingleton(models);
        foreach (var tool in tools?.All ?? [])
            builder.Services.AddSingleton(tool);
        configure(builder);
        var app = builder.Build();
        app.UseFuncChatCors();
        app.MapFuncChat();
        await app.StartAsync();
        return new LocalServer(app);
    }

    /// <summary>Stops as on SIGTERM.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}

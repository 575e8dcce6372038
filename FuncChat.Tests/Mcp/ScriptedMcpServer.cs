using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace FuncChat.Tests.Mcp;

/// <summary>An MCP server on the C# SDK, whose tools and failures a test sets.</summary>
internal sealed class ScriptedMcpServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Func<RequestContext<CallToolRequestParams>, CancellationToken, ValueTask<CallToolResult>>> _calls = new(StringComparer.Ordinal);
    private WebApplication _app = null!;
    private int _listed;

    private ScriptedMcpServer()
    {
    }

    public Uri Url { get; private set; } = null!;

    public ConcurrentQueue<Tool> Tools { get; } = [];

    /// <summary>The headers of every request.</summary>
    public ConcurrentQueue<IHeaderDictionary> Headers { get; } = [];

    /// <summary>The session of the last request that names one.</summary>
    public string Session => Sessions.Last();

    /// <summary>The session of each request that names one.</summary>
    public IEnumerable<string> Sessions => Headers.Select(headers => headers["Mcp-Session-Id"].ToString()).Where(id => id.Length > 0);

    public ConcurrentQueue<string> Called { get; } = [];

    public int Listed => Volatile.Read(ref _listed);

    public TimeSpan? TimeToLive { get; set; }

    /// <summary>Answers a request instead of the server, where it returns true.</summary>
    public Func<HttpContext, Task<bool>>? Intercept { get; set; }

    /// <summary>Which tools a request lists; all by default.</summary>
    public Func<HttpContext?, IEnumerable<Tool>>? ToolsFor { get; set; }

    /// <param name="sessions">Whether it is a server of the versions before 2026, which keep sessions.</param>
    public static async Task<ScriptedMcpServer> StartAsync(bool sessions = false, int port = 0)
    {
        var server = new ScriptedMcpServer();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Logging.ClearProviders();
        builder.Services.AddRouting();
        builder.Services.AddHttpContextAccessor();
        builder.Services
            .AddMcpServer(options =>
            {
                options.ServerInfo = new Implementation { Name = "scripted", Version = "1.0" };
                options.Capabilities = new ServerCapabilities { Tools = new ToolsCapability { ListChanged = sessions } };
                options.Handlers.ListToolsHandler = (context, _) => new(server.List(context.Services?.GetService<IHttpContextAccessor>()?.HttpContext));
                options.Handlers.CallToolHandler = (context, token) => server.CallAsync(context, token);
            })
            .WithHttpTransport(options => options.SessionMode = sessions ? HttpServerSessionMode.Stateful : HttpServerSessionMode.Stateless);
        var app = builder.Build();
        app.Use(async (http, next) =>
        {
            server.Headers.Enqueue(new HeaderDictionary(http.Request.Headers.ToDictionary()));
            if (server.Intercept is not { } intercept || !await intercept(http))
                await next(http);
        });
        app.MapMcp("/mcp");
        await app.StartAsync();
        server._app = app;
        server.Url = new Uri(app.Urls.Single() + "/mcp");
        return server;
    }

    /// <summary>Adds a tool.</summary>
    public ScriptedMcpServer On(
        string name, Func<RequestContext<CallToolRequestParams>, CancellationToken, ValueTask<CallToolResult>> call, string? schema = null,
        ToolAnnotations? annotations = null, string? description = null)
    {
        var tool = new Tool { Name = name, Description = description, Annotations = annotations };
        if (schema is not null)
            tool.InputSchema = JsonSerializer.Deserialize<JsonElement>(schema);
        Tools.Enqueue(tool);
        _calls[name] = call;
        return this;
    }

    /// <summary>Adds a tool that returns this text.</summary>
    public ScriptedMcpServer Says(string name, string text, ToolAnnotations? annotations = null, string? description = null) =>
        On(name, (_, _) => new(Text(text)), annotations: annotations, description: description);

    public static CallToolResult Text(string text, bool isError = false) => new() { Content = [new TextContentBlock { Text = text }], IsError = isError };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private ListToolsResult List(HttpContext? http)
    {
        Interlocked.Increment(ref _listed);
        return new ListToolsResult { Tools = [.. ToolsFor?.Invoke(http) ?? Tools], TimeToLive = TimeToLive };
    }

    private ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> context, CancellationToken cancellationToken)
    {
        Called.Enqueue(context.Params!.Name);
        return _calls[context.Params.Name](context, cancellationToken);
    }
}

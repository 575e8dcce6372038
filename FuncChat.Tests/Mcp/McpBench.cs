using FuncChat.Tests.Support;
using FuncChat.Tools;
using FuncChat.Tools.Identity;
using FuncChat.Tools.Mcp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Mcp;

/// <summary>The tools of MCP servers as the app has them, with a clock that the test moves.</summary>
internal sealed class McpBench : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public McpBench(params (string Name, string Value)[] settings) : this(null, settings)
    {
    }

    public McpBench(IAppTokens? appTokens, params (string Name, string Value)[] settings)
    {
        Configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();
        var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(Logs)).AddSingleton<TimeProvider>(Time);
        if (appTokens is not null)
            services.AddSingleton(appTokens);
        _services = services.AddFuncChatTools(Configuration, startProcesses: true).BuildServiceProvider();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public LogLines Logs { get; } = new();

    public IConfigurationRoot Configuration { get; }

    public ToolCatalog Catalog => _services.GetRequiredService<ToolCatalog>();

    public McpServers Servers => _services.GetRequiredService<McpServers>();

    /// <summary>A bench with one server, named `srv`.</summary>
    public static McpBench For(ScriptedMcpServer server, params (string Name, string Value)[] settings) =>
        new([("FuncChat:Mcp:Servers:srv:Url", server.Url.AbsoluteUri), .. settings.Select(setting => ($"FuncChat:Mcp:Servers:srv:{setting.Name}", setting.Value))]);

    public Task<IReadOnlyList<Tool>> ListAsync(ToolUser? user = null) => Servers.Sources.Single().ListAsync(user ?? ToolUser.Unknown, CancellationToken.None).AsTask();

    /// <summary>Calls a tool of the one server.</summary>
    public async Task<string> CallAsync(string tool, IToolRun? run = null, CancellationToken cancellationToken = default, params (string Name, object? Value)[] arguments)
    {
        run ??= new McpRun();
        var opened = await Catalog.OpenAsync(new ToolRef($"{Servers.Sources.Single().Name}__{tool}"), run.User, CancellationToken.None);
        var result = await opened!.Function.InvokeAsync(
            Tool.ArgumentsFor(run, arguments.ToDictionary(argument => argument.Name, argument => argument.Value)), cancellationToken);
        return Assert.IsType<string>(result);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Tools.Mcp;

/// <summary>Reads the MCP servers from `FuncChat:Mcp:Servers:name`.</summary>
internal sealed class McpServerReader(SettingReader reader)
{
    public const string Root = "FuncChat:Mcp:Servers";

    /// <summary>The names of a server's settings.</summary>
    public static readonly string[] Settings =
    [
        "Url", "Transport", "Headers__<header>", "Auth", "Scope", "TokenUrl", "Issuer", "ClientId", "ClientSecret", "Command", "Args", "Args__<index>",
        "Env__<variable>", "WorkingDirectory", "Tools", "LongRunning", "Timeout", "MaxDuration", "CacheDuration",
    ];

    /// <summary>The names of all settings.</summary>
    public static readonly string[] Known = ["FuncChat__Mcp__File", .. Settings.Select(setting => $"FuncChat__Mcp__Servers__<name>__{setting}")];

    private const string GoodUrl = "https://example.com/mcp";
    private const string GoodIssuer = "https://login.example.com";

    public McpSettings ReadAll() => new([.. reader.SectionsUnder(Root).Where(IsSet).Select(Read).OfType<McpServerSettings>()]);

    private bool IsSet(IConfigurationSection section) => reader.IsSet(section.Path);

    private McpServerSettings? Read(IConfigurationSection server)
    {
        if (!ToolName.IsSource(server.Key))
        {
            reader.AddError(server.Path, ToolName.NoSource, $"{SettingMessage.NameOf($"{Root}:my-server:Url")}={GoodUrl}");
            return null;
        }

        var url = reader.Url($"{server.Path}:Url", GoodUrl);
        var command = Text(server, "Command");
        if ((Text(server, "Url") is null) == (command is null))
            reader.AddError($"{server.Path}:Url", "must be set, or Command, but not both", GoodUrl);
        var settings = new McpServerSettings
        {
            Name = server.Key,
            Url = url,
            LegacySse = Choice(server, "Transport", "http", "sse") == "sse",
            Process = command is null ? null : ProcessOf(server, command),
            Headers = server.GetSection("Headers").GetChildren().Where(IsSet).ToDictionary(header => header.Key, header => header.Path, StringComparer.OrdinalIgnoreCase),
            Tools = Names(server, "Tools"),
            LongRunning = LongRunning(server),
            Timeout = Duration(server, "Timeout", TimeSpan.FromMinutes(1)) ?? TimeSpan.FromMinutes(1),
            MaxDuration = Duration(server, "MaxDuration", TimeSpan.FromMinutes(10)) ?? TimeSpan.FromMinutes(10),
            CacheDuration = Duration(server, "CacheDuration", TimeSpan.FromMinutes(5)) ?? TimeSpan.FromMinutes(5),
        };
        return WithAuth(server, settings);
    }

    private McpServerSettings WithAuth(IConfigurationSection server, McpServerSettings settings)
    {
        settings = settings with
        {
            Auth = Choice(server, "Auth", "none", "entra", "user", "oauth", "sign-in") switch
            {
                "entra" => McpAuth.Entra,
                "user" => McpAuth.User,
                "oauth" => McpAuth.OAuth,
                "sign-in" => McpAuth.SignIn,
                _ => McpAuth.None,
            },
            Scope = Text(server, "Scope"),
            TokenUrl = reader.Url($"{server.Path}:TokenUrl", "https://login.example.com/oauth2/token"),
            Issuer = reader.Url($"{server.Path}:Issuer", GoodIssuer) is null ? null : Text(server, "Issuer"),
            ClientId = Text(server, "ClientId"),
            ClientSecretKey = Text(server, "ClientSecret") is null ? null : $"{server.Path}:ClientSecret",
        };
        if (settings.Auth != McpAuth.None && settings.Url is { Scheme: "http", IsLoopback: false })
            reader.AddError($"{server.Path}:Url", "is not https, and a token is sent over nothing else", GoodUrl);
        if (settings is { Auth: McpAuth.Entra } && settings.Scope?.EndsWith("/.default", StringComparison.Ordinal) != true)
            reader.AddError($"{server.Path}:Scope", "must be set for Auth=entra and end in /.default", "api://00000000-0000-0000-0000-000000000000/.default");
        if (settings is { Auth: McpAuth.OAuth } and not { TokenUrl: not null, ClientId: not null, ClientSecretKey: not null })
            reader.AddError($"{server.Path}:Auth", "is oauth, which needs TokenUrl, ClientId and ClientSecret. For a server that each user signs in to, use sign-in");
        if (settings.TokenUrl is { Scheme: "http", IsLoopback: false })
            reader.AddError($"{server.Path}:TokenUrl", "is not https, and a secret is sent over nothing else", "https://login.example.com/oauth2/token");
        if (settings is { Auth: McpAuth.SignIn, Url: null })
            reader.AddError($"{server.Path}:Auth", "is sign-in, which needs Url", GoodUrl);
        if (settings is { Auth: McpAuth.User, LongRunning.Count: > 0 })
            reader.AddError($"{server.Path}:LongRunning", "can't be set with Auth=user: a long run may continue on an instance that does not have the user's token");
        return settings;
    }

    private McpProcess ProcessOf(IConfigurationSection server, string command) => new(
        command,
        [.. server.GetSection("Args").GetChildren().Select(argument => argument.Value ?? "")],
        server.GetSection("Env").GetChildren().ToDictionary(variable => variable.Key, variable => variable.Value ?? "", StringComparer.Ordinal),
        Text(server, "WorkingDirectory"));

    private string? Text(IConfigurationSection server, string name) => reader.Text($"{server.Path}:{name}");

    private string? Choice(IConfigurationSection server, string name, params string[] choices)
    {
        if (Text(server, name) is not { } text || choices.Contains(text, StringComparer.Ordinal))
            return Text(server, name);
        reader.AddError($"{server.Path}:{name}", $"must be one of {string.Join(", ", choices)}");
        return null;
    }

    private IReadOnlyList<string>? Names(IConfigurationSection server, string name) =>
        Text(server, name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private IReadOnlyList<string> LongRunning(IConfigurationSection server) => Names(server, "LongRunning") switch
    {
        null or ["false"] => [],
        ["true"] => [McpServerSettings.AllTools],
        var names => names,
    };

    private TimeSpan? Duration(IConfigurationSection server, string name, TimeSpan example) =>
        reader.Duration($"{server.Path}:{name}", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), example);
}

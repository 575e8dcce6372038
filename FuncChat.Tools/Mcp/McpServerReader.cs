using System.Text.RegularExpressions;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Tools.Mcp;

/// <summary>Reads the MCP servers from `FuncChat:Mcp:Servers:name`.</summary>
internal sealed partial class McpServerReader(IConfiguration configuration)
{
    public const string Root = "FuncChat:Mcp:Servers";

    /// <summary>The names of all settings.</summary>
    public static readonly string[] Known =
    [
        "FuncChat__Mcp__File",
        .. from setting in (string[])
            [
                "Url", "Transport", "Headers__<header>", "Auth", "Scope", "TokenUrl", "ClientId", "ClientSecret", "Command", "Args", "Args__<index>",
                "Env__<variable>", "WorkingDirectory", "Tools", "LongRunning", "Timeout", "MaxDuration", "CacheDuration",
            ]
           select $"FuncChat__Mcp__Servers__<name>__{setting}",
    ];

    private const string GoodUrl = "https://example.com/mcp";

    private readonly SettingReader _reader = new(configuration);

    public IReadOnlyList<string> Errors => _reader.Errors;

    public IReadOnlyList<McpServerSettings> ReadAll() =>
        [.. configuration.GetSection(Root).GetChildren().Where(IsSet).Select(Read).OfType<McpServerSettings>()];

    private static bool IsSet(IConfigurationSection section) => !string.IsNullOrWhiteSpace(section.Value) || section.GetChildren().Any(IsSet);

    private McpServerSettings? Read(IConfigurationSection server)
    {
        if (!ServerName().IsMatch(server.Key))
        {
            _reader.AddError(server.Path, "has a name that is not allowed: use up to 24 letters, digits and -", $"{SettingMessage.NameOf($"{Root}:my-server:Url")}={GoodUrl}");
            return null;
        }

        var url = _reader.Url($"{server.Path}:Url", GoodUrl);
        var command = Text(server, "Command");
        if ((Text(server, "Url") is null) == (command is null))
            _reader.AddError($"{server.Path}:Url", "must be set, or Command, but not both", GoodUrl);
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
            TokenUrl = _reader.Url($"{server.Path}:TokenUrl", "https://login.example.com/oauth2/token"),
            ClientId = Text(server, "ClientId"),
            ClientSecretKey = Text(server, "ClientSecret") is null ? null : $"{server.Path}:ClientSecret",
        };
        if (settings.Auth != McpAuth.None && settings.Url is { Scheme: "http", IsLoopback: false })
            _reader.AddError($"{server.Path}:Url", "is not https, and a token is sent over nothing else", GoodUrl);
        if (settings is { Auth: McpAuth.Entra } && settings.Scope?.EndsWith("/.default", StringComparison.Ordinal) != true)
            _reader.AddError($"{server.Path}:Scope", "must be set for Auth=entra and end in /.default", "api://00000000-0000-0000-0000-000000000000/.default");
        if (settings is { Auth: McpAuth.OAuth } and not { TokenUrl: not null, ClientId: not null, ClientSecretKey: not null })
            _reader.AddError($"{server.Path}:Auth", "is oauth, which needs TokenUrl, ClientId and ClientSecret. For a server that each user signs in to, use sign-in");
        if (settings.TokenUrl is { Scheme: "http", IsLoopback: false })
            _reader.AddError($"{server.Path}:TokenUrl", "is not https, and a secret is sent over nothing else", "https://login.example.com/oauth2/token");
        if (settings is { Auth: McpAuth.SignIn, Url: null })
            _reader.AddError($"{server.Path}:Auth", "is sign-in, which needs Url", GoodUrl);
        if (settings is { Auth: McpAuth.User, LongRunning.Count: > 0 })
            _reader.AddError($"{server.Path}:LongRunning", "can't be set with Auth=user: a long run may continue on an instance that does not have the user's token");
        return settings;
    }

    private static McpProcess ProcessOf(IConfigurationSection server, string command) => new(
        command,
        [.. server.GetSection("Args").GetChildren().Select(argument => argument.Value ?? "")],
        server.GetSection("Env").GetChildren().ToDictionary(variable => variable.Key, variable => variable.Value ?? "", StringComparer.Ordinal),
        Text(server, "WorkingDirectory"));

    private static string? Text(IConfigurationSection server, string name) => server[name]?.Trim() is { Length: > 0 } text ? text : null;

    private string? Choice(IConfigurationSection server, string name, params string[] choices)
    {
        if (Text(server, name) is not { } text || choices.Contains(text, StringComparer.Ordinal))
            return Text(server, name);
        _reader.AddError($"{server.Path}:{name}", $"must be one of {string.Join(", ", choices)}");
        return null;
    }

    private static IReadOnlyList<string>? Names(IConfigurationSection server, string name) =>
        Text(server, name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static IReadOnlyList<string> LongRunning(IConfigurationSection server) => Names(server, "LongRunning") switch
    {
        null or ["false"] => [],
        ["true"] => [McpServerSettings.AllTools],
        var names => names,
    };

    private TimeSpan? Duration(IConfigurationSection server, string name, TimeSpan example) =>
        _reader.Duration($"{server.Path}:{name}", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), example);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9-]{0,23}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ServerName();
}

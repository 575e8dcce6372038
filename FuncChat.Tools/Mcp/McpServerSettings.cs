using System.Text;

namespace FuncChat.Tools.Mcp;

/// <summary>How the app authenticates to an MCP server, apart from static headers.</summary>
internal enum McpAuth
{
    None,

    /// <summary>A token of the app's own identity, for <see cref="McpServerSettings.Scope"/>.</summary>
    Entra,

    /// <summary>The token that the user signed in to FuncChat with.</summary>
    User,

    /// <summary>OAuth client credentials (RFC 6749, 4.4).</summary>
    OAuth,

    /// <summary>A token that each user grants in a browser, by OAuth's authorization code flow.</summary>
    SignIn,
}

/// <summary>One MCP server, from `mcp.json` or from settings.</summary>
internal sealed record McpServerSettings
{
    public const string AllTools = "*";

    /// <summary>The prefix of its tools' names.</summary>
    public required string Name { get; init; }

    /// <summary>The address; null for a server that is a process.</summary>
    public Uri? Url { get; init; }

    /// <summary>Whether the server uses the HTTP+SSE transport of 2024. It is not detected.</summary>
    public bool LegacySse { get; init; }

    /// <summary>The process to start; null for a server with an address.</summary>
    public McpProcess? Process { get; init; }

    /// <summary>Header names, each with the key of the setting that has its value. The value is read for every request: a vault may renew it.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public McpAuth Auth { get; init; }

    /// <summary>Whether requests may carry a credential: a token, or a configured header.</summary>
    public bool HasCredentials => Auth != McpAuth.None || Headers.Count > 0;

    public string? Scope { get; init; }

    public Uri? TokenUrl { get; init; }

    /// <summary>The only authorization server at which users sign in; null for the one that the server names.</summary>
    public string? Issuer { get; init; }

    public string? ClientId { get; init; }

    /// <summary>The key of the setting that has the client secret.</summary>
    public string? ClientSecretKey { get; init; }

    /// <summary>The server's own names of the tools to offer; null offers all.</summary>
    public IReadOnlyList<string>? Tools { get; init; }

    /// <summary>The server's own names of its long-running tools; `*` means all.</summary>
    public IReadOnlyList<string> LongRunning { get; init; } = [];

    /// <summary>How long a call may take without progress.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a call may take in total.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a list of tools is cached if the server does not specify it.</summary>
    public TimeSpan CacheDuration { get; init; } = TimeSpan.FromMinutes(5);

    // The text of a record may be logged: it must not contain arguments or an address's query.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Name = {Name}");
        return true;
    }
}

/// <summary>A process that speaks MCP on its standard input and output.</summary>
internal sealed record McpProcess(string Command, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, string? WorkingDirectory);

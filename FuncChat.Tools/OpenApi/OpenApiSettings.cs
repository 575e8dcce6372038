using System.Text;
using System.Text.RegularExpressions;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Tools.OpenApi;

/// <summary>The HTTP APIs whose operations are offered as tools.</summary>
internal sealed record OpenApiSettings(IReadOnlyList<OpenApiServerSettings> Servers);

/// <summary>One HTTP API that an OpenAPI document describes.</summary>
internal sealed record OpenApiServerSettings
{
    /// <summary>The prefix of its tools' names.</summary>
    public required string Name { get; init; }

    /// <summary>The document: a path or an address.</summary>
    public required string Document { get; init; }

    /// <summary>The address of the API. That of the document is ignored.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>The operations to offer, by their ids or as `GET /path`.</summary>
    public required IReadOnlyList<string> Operations { get; init; }

    /// <summary>Header names, each with the key of the setting that has its value. The value is read for every request: a vault may renew it.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>Whether a document is fetched, and is not a file.</summary>
    public static bool IsAddress(string document) => Uri.TryCreate(document, UriKind.Absolute, out var url) && url.Scheme is ("http" or "https");

    // The text of a record may be logged.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Name = {Name}");
        return true;
    }
}

/// <summary>Reads the APIs from `FuncChat:OpenApi:name`.</summary>
internal static partial class OpenApiServerReader
{
    private const string Root = "FuncChat:OpenApi";
    private const string GoodUrl = "https://api.example.com/v1";
    private static readonly TimeSpan StandardTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The names of all settings.</summary>
    public static readonly string[] Known =
        [.. ((string[])["Document", "BaseUrl", "Operations", "Headers__<header>", "Timeout"]).Select(setting => $"FuncChat__OpenApi__<name>__{setting}")];

    public static OpenApiSettings Read(SettingReader reader, IConfiguration configuration) =>
        new([.. reader.NamesUnder(Root).Where(name => reader.IsSet($"{Root}:{name}")).Select(name => Read(name, reader, configuration)).OfType<OpenApiServerSettings>()]);

    private static OpenApiServerSettings? Read(string name, SettingReader reader, IConfiguration configuration)
    {
        var key = $"{Root}:{name}";
        if (!ServerName().IsMatch(name))
        {
            reader.AddError(key, "has a name that is not allowed: use up to 24 letters, digits and -", $"{SettingMessage.NameOf($"{Root}:orders:Document")}=orders.json");
            return null;
        }

        if (reader.IsSet($"FuncChat:Mcp:Servers:{name}"))
            reader.AddError(key, "has the name of an MCP server: choose another one");
        var (document, url) = (reader.Text($"{key}:Document"), reader.Url($"{key}:BaseUrl", GoodUrl));
        var operations = reader.Text($"{key}:Operations")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (document is null)
            reader.AddError($"{key}:Document", "must be set: the path or address of an OpenAPI document", "orders.json");
        else if (!OpenApiServerSettings.IsAddress(document))
            document = FileAt(document, key, reader);
        if (reader.Text($"{key}:BaseUrl") is null)
            reader.AddError($"{key}:BaseUrl", "must be set: the address of the API", GoodUrl);
        if (operations is null or [])
            reader.AddError($"{key}:Operations", "must be set: the operations that the model may call, separated by commas", "listOrders,getOrder");
        var timeout = reader.Duration($"{key}:Timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), StandardTimeout) ?? StandardTimeout;
        return document is null || url is null || operations is null ? null : new OpenApiServerSettings
        {
            Name = name,
            Document = document,
            BaseUrl = url,
            Operations = operations,
            Headers = configuration.GetSection($"{key}:Headers").GetChildren().ToDictionary(header => header.Key, header => header.Path, StringComparer.OrdinalIgnoreCase),
            Timeout = timeout,
        };
    }

    private static string? FileAt(string path, string key, SettingReader reader)
    {
        var found = SettingFile.Find(path);
        if (found is null)
            reader.AddError($"{key}:Document", "names a file that does not exist", "orders.json");
        return found;
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9-]{0,23}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ServerName();
}

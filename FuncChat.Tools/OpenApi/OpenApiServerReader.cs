using FuncChat.Tools.Configuration;

namespace FuncChat.Tools.OpenApi;

/// <summary>Reads the APIs from `FuncChat:OpenApi:name`.</summary>
internal static class OpenApiServerReader
{
    private const string Root = "FuncChat:OpenApi";
    private const string GoodUrl = "https://api.example.com/v1";
    private static readonly TimeSpan StandardTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The names of all settings.</summary>
    public static readonly string[] Known =
        [.. ((string[])["Document", "BaseUrl", "Operations", "Headers__<header>", "Timeout"]).Select(setting => $"FuncChat__OpenApi__<name>__{setting}")];

    /// <param name="isMcpServer">Whether an MCP server has the name: the tools of both would have the same prefix.</param>
    public static OpenApiSettings Read(SettingReader reader, Func<string, bool> isMcpServer) =>
        new([.. reader.NamesUnder(Root).Where(name => reader.IsSet($"{Root}:{name}")).Select(name => Read(name, reader, isMcpServer)).OfType<OpenApiServerSettings>()]);

    private static OpenApiServerSettings? Read(string name, SettingReader reader, Func<string, bool> isMcpServer)
    {
        var key = $"{Root}:{name}";
        if (!ToolName.IsSource(name))
        {
            reader.AddError(key, ToolName.NoSource, $"{SettingMessage.NameOf($"{Root}:orders:Document")}=orders.json");
            return null;
        }

        if (isMcpServer(name))
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
            Headers = reader.SectionsUnder($"{key}:Headers").ToDictionary(header => header.Key, header => header.Path, StringComparer.OrdinalIgnoreCase),
            Timeout = timeout,
        };
    }

    private static string? FileAt(string path, string key, SettingReader reader)
    {
        var found = SettingFile.FindForApp(path);
        if ((found is null ? "a file that does not exist" : SettingFile.FindError(found)) is { } wrong)
            reader.AddError($"{key}:Document", $"names {wrong}", "orders.json");
        return found;
    }
}

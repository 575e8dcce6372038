using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools.Mcp;

/// <summary>
/// The file in which MCP clients list their servers: `servers` as in VS Code, `mcpServers` as in Claude. Its values become settings
/// (`FuncChat:Mcp:Servers:name:…`) that other settings override.
/// </summary>
public static partial class McpFile
{
    private const string FileKey = "FuncChat:Mcp:File";
    private const string DefaultName = "mcp.json";
    private const string Example = """{"servers":{"files":{"type":"http","url":"https://example.com/mcp"}}}""";

    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["url"] = "Url",
        ["headers"] = "Headers",
        ["command"] = "Command",
        ["args"] = "Args",
        ["env"] = "Env",
        ["cwd"] = "WorkingDirectory",
    };

    private static readonly string[] Sections = ["servers", "mcpServers"];

    // A server has one of these.
    private static readonly string[] Places = ["url", "command"];

    /// <summary>The settings, with those of the file as defaults.</summary>
    /// <exception cref="OptionsValidationException">The file is missing or can't be read. The message describes the problem without values.</exception>
    internal static IConfiguration AddTo(IConfiguration configuration) =>
        Find(configuration) is { } path
            ? new ConfigurationBuilder().AddInMemoryCollection(Read(path, configuration)).AddConfiguration(configuration).Build()
            : configuration;

    /// <summary>The path of the file; null if there is none.</summary>
    /// <exception cref="OptionsValidationException">The file that a setting names does not exist, or is a folder, for example.</exception>
    public static string? Find(IConfiguration configuration)
    {
        var path = PathIn(configuration);
        if (SettingFile.FindForApp(path ?? DefaultName) is not { } found)
            return path is null ? null : throw Invalid($"FuncChat__Mcp__File names a file that does not exist. Example: {DefaultName}");
        return SettingFile.FindError(found, isReadOnce: true) is not { } wrong ? found
            : throw Invalid(path is null ? $"{DefaultName} is {wrong}. It must be JSON like {Example}" : $"FuncChat__Mcp__File names {wrong}. Example: {DefaultName}");
    }

    // Null if it is not set, as it is when it is blank.
    private static string? PathIn(IConfiguration configuration) => configuration[FileKey]?.Trim() is { Length: > 0 } path ? path : null;

    private static Dictionary<string, string?> Read(string path, IConfiguration configuration)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

        // A program of the file at the repository's root starts there, and not in the project's folder.
        var setting = PathIn(configuration) ?? DefaultName;
        var folder = SettingFile.Root is { } root && path == Path.Combine(root, setting) && (!Path.IsPathRooted(setting) || Path.GetDirectoryName(path) == root) ? root : null;
        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (MisspelledSectionOf(document.RootElement) is { } misspelled)
                throw Invalid($"mcp.json has {misspelled}, which is not read, and neither servers nor mcpServers. Example: {Example}");
            foreach (var section in Sections)
            {
                if (document.RootElement.TryGetProperty(section, out var servers))
                {
                    foreach (var server in servers.EnumerateObject().Where(server => !IsDisabled(server.Value)))
                    {
                        var key = KeyOf(server.Name);
                        if (!names.TryAdd(key, server.Name) && names[key] != server.Name)
                            throw Invalid($"mcp.json has two servers whose tools would have the same names, {names[key]} and {server.Name}: rename one of them");
                        Add(key, server, settings, configuration, folder);
                    }
                }
            }
        }
        catch (JsonException wrong)
        {
            throw Invalid($"mcp.json can't be read: it is not valid JSON, at line {wrong.LineNumber + 1}. It must be JSON like {Example}");
        }
        catch (InvalidOperationException)
        {
            throw Invalid($"mcp.json can't be read: it must be JSON like {Example}");
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw Invalid("mcp.json can't be read: change its owner or permissions");
        }

        return settings;
    }

    // As other clients have it.
    private static bool IsDisabled(JsonElement server) =>
        server.ValueKind is JsonValueKind.Object && server.TryGetProperty("disabled", out var disabled) && disabled.ValueKind is JsonValueKind.True;

    // A file without servers may have inputs only. One with its servers elsewhere would start none of them.
    private static string? MisspelledSectionOf(JsonElement file) =>
        Sections.Any(section => file.TryGetProperty(section, out _)) ? null
        : file.EnumerateObject().Select(property => property.Name)
            .FirstOrDefault(name => Sections.Any(section => EditDistance.Between(section.ToUpperInvariant(), name.ToUpperInvariant().Replace("_", "", StringComparison.Ordinal)) <= 2));

    // Names in such files may have spaces and underscores, which the prefix of a tool's name can't have.
    private static string KeyOf(string server) => $"{McpServerReader.Root}:{NotInNames().Replace(server, "-")}";

    private static void Add(string key, JsonProperty server, Dictionary<string, string?> settings, IConfiguration configuration, string? folder)
    {
        try
        {
            foreach (var field in server.Value.EnumerateObject())
            {
                if (field.Name == "type" && field.Value.ValueEquals("sse"))
                    settings[$"{key}:Transport"] = "sse";
                else if (field.Name == "args" && field.Value.ValueKind != JsonValueKind.Array)
                    throw Invalid($"""mcp.json has args in the server {server.Name} that are not a list of texts. Example: "args": ["-y", "my-server"]""");
                else if (Known.TryGetValue(field.Name, out var name))
                    Add($"{key}:{name}", field.Value, settings, configuration);
                else if (FieldMeantBy(field.Name) is { } meant)
                    throw Invalid($"mcp.json has {field.Name} in the server {server.Name}, where it has no effect: write {meant}");
                else if (SettingNamed(field.Name) is { } setting)
                    throw Invalid($"mcp.json has {field.Name} in the server {server.Name}, where it has no effect: set {SettingMessage.NameOf($"{key}:{setting}")} instead");
            }
        }
        catch (InvalidOperationException)
        {
            throw Invalid($"mcp.json has the server {server.Name}, which can't be read: it must be an object with texts, as in {Example}");
        }

        if (!Places.Any(place => Has($"{key}:{Known[place]}")) && UnknownIn(server.Value) is { } unknown)
        {
            var question = EditDistance.Question(unknown, Places);
            throw Invalid($"mcp.json has {unknown} in the server {server.Name}, which is no field of a server, and neither url nor command.{(question.Length > 0 ? question : $" Example: {Example}")}");
        }

        if (!settings.Keys.Any(setting => setting.StartsWith($"{key}:", StringComparison.OrdinalIgnoreCase)) && !configuration.GetSection(key).Exists())
            throw Invalid($"mcp.json has the server {server.Name}, which has neither url nor command. Example: {Example}");

        if (folder is null || settings.GetValueOrDefault($"{key}:Command") is not { } command)
            return;
        settings[$"{key}:WorkingDirectory"] = Path.Combine(folder, settings.GetValueOrDefault($"{key}:WorkingDirectory") ?? "");
        if (command.Contains('/', StringComparison.Ordinal))
            settings[$"{key}:Command"] = Path.Combine(folder, command);

        // A blank one turns the server off.
        bool Has(string setting) => settings.ContainsKey(setting) || configuration[setting] is not null;
    }

    // The one that is most like what is missing. Other clients have fields of their own, which are no error in a server that can be reached.
    private static string? UnknownIn(JsonElement server) =>
        server.EnumerateObject().Select(field => field.Name).Where(field => field != "type" && !Known.ContainsKey(field))
            .MinBy(field => Places.Min(place => EditDistance.Between(field.ToUpperInvariant(), place.ToUpperInvariant())));

    private static string? FieldMeantBy(string field) =>
        Known.FirstOrDefault(known => known.Key.Equals(field, StringComparison.OrdinalIgnoreCase) || known.Value == field).Key;

    // A setting that is no field of such files. Fields of other clients, such as timeout, differ in the case of letters, and in what they mean.
    private static string? SettingNamed(string field) => Array.Find(
        McpServerReader.Settings,
        setting => setting.Equals(field, setting is "LongRunning" or "MaxDuration" or "CacheDuration" ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal));

    private static void Add(string key, JsonElement value, Dictionary<string, string?> settings, IConfiguration configuration)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                    Add($"{key}:{property.Name}", property.Value, settings, configuration);
                break;
            case JsonValueKind.Array:
                foreach (var (place, item) in value.EnumerateArray().Index())
                    Add(string.Create(CultureInfo.InvariantCulture, $"{key}:{place}"), item, settings, configuration);
                break;
            default:
                settings[key] = Variable().Replace(value.ToString(), variable => ValueOf(variable, configuration));
                break;
        }
    }

    // `${env:NAME}` in VS Code, `${NAME}` and `${NAME:-default}` in Claude: the setting of this name, which may be in the vault.
    private static string ValueOf(Match variable, IConfiguration configuration) =>
        variable.Groups["input"].Success
            ? throw Invalid("mcp.json asks for an ${input:…}, which a server can't ask for: use ${env:NAME} and set NAME")
            : configuration[variable.Groups["name"].Value] is { Length: > 0 } value ? value
            : variable.Groups["default"].Success ? variable.Groups["default"].Value
            : throw Invalid($"mcp.json uses {variable.Groups["name"].Value}, which is not set: set it, or write ${{{variable.Groups["name"].Value}:-}} for nothing");

    private static OptionsValidationException Invalid(string problem) => new(Options.DefaultName, typeof(McpSettings), [problem]);

    [GeneratedRegex(
        @"\$\{(?<input>input:[^}]*)\}|\$\{(env:)?(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<default>[^}]*))?\}",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Variable();

    [GeneratedRegex("[^A-Za-z0-9-]+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NotInNames();
}

using System.Text.Json;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;

namespace FuncChat.Local;

/// <summary>The file with the local settings of the Functions tools: flat names and values under `Values`.</summary>
internal static class LocalSettings
{
    public const string FileName = "local.settings.json";
    private const string Example = """{ "Values": { "OPENAI_API_KEY": "your key" } }""";

    // Of editors and the Functions tools, next to Values. Names such as "//" and "_comment" are comments.
    private static readonly string[] OfTools = ["$schema", "IsEncrypted", "Host", "ConnectionStrings"];

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Adds the file's values, if it exists. The environment and the command line override them.</summary>
    /// <exception cref="OptionsValidationException">The file can't be read, or has its settings elsewhere.</exception>
    public static void AddLocalSettings(this ConfigurationManager configuration)
    {
        if (SettingFile.Find(FileName) is not { } path)
            return;
        if (SettingFile.FindError(path) is { } wrong)
            throw StartError.Of(FileName, $"is {wrong}", Example);
        using var document = Read(path);
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw StartError.Of(FileName, "must be a JSON object with the settings under Values", Example);
        var isOnlyOfTools = document.RootElement.EnumerateObject()
            .All(property => property.Name == "Values" || property.Name.StartsWith('/') || property.Name.StartsWith('_') || OfTools.Contains(property.Name, StringComparer.OrdinalIgnoreCase));
        if ((!document.RootElement.TryGetProperty("Values", out var values) || values.ValueKind == JsonValueKind.Null) && isOnlyOfTools)
            return;
        if (values.ValueKind != JsonValueKind.Object || !isOnlyOfTools)
            throw StartError.Of(FileName, "must have all of its settings under Values", Example);

        // Of a name that appears twice, the last one counts.
        foreach (var value in values.EnumerateObject())
            settings[value.Name.Replace("__", ":", StringComparison.Ordinal)] = TextOf(value);
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = settings });
    }

    // The Functions tools read flat texts only.
    private static string TextOf(JsonProperty setting) => setting.Value.ValueKind switch
    {
        JsonValueKind.Object => throw StartError.Of(FileName, $"has an object at {setting.Name}: write each setting on one level, with __ between the parts of its name", """{ "Values": { "FuncChat__Turns__MaxPerUser": "5" } }"""),
        JsonValueKind.Array => throw StartError.Of(FileName, $"has an array at {setting.Name}: write one text, with commas between its entries", """{ "Values": { "OPENAI_MODELS": "gpt-4o-mini,gpt-4o" } }"""),
        _ => setting.Value.ToString(),
    };

    private static JsonDocument Read(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllText(path), Lenient);
        }
        catch (JsonException e)
        {
            throw StartError.Of(FileName, $"is not valid JSON, at line {e.LineNumber + 1}", Example);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StartError.Of(FileName, "can't be read: change its owner or permissions", $"chmod u+r {path}");
        }
    }
}

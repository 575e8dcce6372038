using System.Text.Json;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;

namespace FuncChat.Local;

/// <summary>The file with the local settings of the Functions tools: flat names and values under `Values`.</summary>
internal static class LocalSettings
{
    private const string FileName = "local.settings.json";
    private const string Example = """{ "Values": { "OPENAI_API_KEY": "your key" } }""";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Adds the file's values, if it exists. The environment and the command line override them.</summary>
    /// <exception cref="OptionsValidationException">The file can't be read.</exception>
    public static void AddLocalSettings(this ConfigurationManager configuration)
    {
        if (!File.Exists(FileName))
            return;
        using var document = Read();
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw CommandLine.Wrong(FileName, "must be a JSON object with the settings under Values", Example);
        if (!document.RootElement.TryGetProperty("Values", out var values) || values.ValueKind != JsonValueKind.Object)
            return;

        // Of a name that appears twice, the last one counts.
        foreach (var value in values.EnumerateObject())
            settings[value.Name.Replace("__", ":", StringComparison.Ordinal)] = value.Value.ToString();
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = settings });
    }

    private static JsonDocument Read()
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllText(FileName), Lenient);
        }
        catch (JsonException e)
        {
            throw CommandLine.Wrong(FileName, $"is not valid JSON, at line {e.LineNumber + 1}", Example);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandLine.Wrong(FileName, "can't be read: change its owner or permissions", $"chmod u+r {FileName}");
        }
    }
}

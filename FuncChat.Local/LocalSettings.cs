using System.Text.Json;

namespace FuncChat.Local;

/// <summary>The file with the local settings of the Functions tools: flat names and values under `Values`.</summary>
internal static class LocalSettings
{
    private const string FileName = "local.settings.json";

    /// <summary>Adds the file's values, if it exists. The environment and the command line override them.</summary>
    public static void AddLocalSettings(this ConfigurationManager configuration)
    {
        if (!File.Exists(FileName))
            return;
        using var document = JsonDocument.Parse(
            File.ReadAllText(FileName), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        if (!document.RootElement.TryGetProperty("Values", out var values) || values.ValueKind != JsonValueKind.Object)
            return;
        var settings = values.EnumerateObject().ToDictionary(
            value => value.Name.Replace("__", ":", StringComparison.Ordinal), value => (string?)value.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = settings });
    }
}

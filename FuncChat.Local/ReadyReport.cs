using FuncChat.Engine.Models.Catalog;
using FuncChat.Tools.Configuration;
using FuncChat.Tools.Mcp;
using FuncChat.Web.Auth;

namespace FuncChat.Local;

/// <summary>
/// Three lines once the server listens: where it is, which models answer, and who may use it. Then which files it has read, and which keys of other programs
/// it does not read.
/// </summary>
internal static class ReadyReport
{
    private const int MostModels = 5;

    public static void ReportReady(this WebApplication app)
    {
        Console.WriteLine($"FuncChat is ready: {string.Join(", ", app.Urls)}");
        Console.WriteLine($"Models: {ModelsOf(app.Services.GetRequiredService<ModelCatalog>())}");
        Console.WriteLine($"Access: {AccessSummary.Of(app.Services)}");
        foreach (var line in FilesOf(app.Configuration).Concat(UnreadKeys(app.Configuration)))
            Console.WriteLine(line);
    }

    private static IEnumerable<string> FilesOf(IConfiguration configuration)
    {
        (string Label, string? Path)[] files = [("Settings", SettingFile.Find(LocalSettings.FileName)), ("MCP servers", McpFile.Find(configuration))];
        foreach (var (label, path) in files)
        {
            if (path is not null)
                yield return $"{label}: {Path.GetFullPath(path)}{(SettingFile.All(path).Skip(1).FirstOrDefault() is { } other ? $". {other} is not read" : "")}";
        }
    }

    // Variables of other programs for the same providers.
    private static IEnumerable<string> UnreadKeys(IConfiguration configuration)
    {
        var providers = configuration.GetSection("FuncChat:Providers").GetChildren();
        if (Array.Find(["AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY"], IsSet) is { } azure
            && !providers.Any(provider => provider["Url"]?.Contains(".azure.com", StringComparison.OrdinalIgnoreCase) == true))
        {
            yield return $"Note: {azure} is not read. For Azure OpenAI, set FuncChat__Providers__azure__Url=https://<account>.openai.azure.com/openai/v1 and "
                + "FuncChat__Providers__azure__ApiKey, or in its place FuncChat__Providers__azure__Auth=entra (docs/providers.md)";
        }

        if (IsSet("ANTHROPIC_AUTH_TOKEN") && !IsSet("ANTHROPIC_API_KEY"))
            yield return "Note: ANTHROPIC_AUTH_TOKEN is not read. For Claude, set ANTHROPIC_API_KEY to a key of the API (docs/providers.md)";

        bool IsSet(string name) => !string.IsNullOrWhiteSpace(configuration[name]);
    }

    private static string ModelsOf(ModelCatalog catalog)
    {
        var models = catalog.All;
        if (models.Count > 0 && models.All(model => model.IsDemo))
            return "the scripted demo only. For a real model, set a key such as OPENAI_API_KEY (docs/providers.md)";
        var names = string.Join(", ", models.Take(MostModels).Select(model => model.Id));
        return models.Count == 0 ? "those that the providers report" : models.Count > MostModels ? $"{names} and {models.Count - MostModels} more" : names;
    }
}

using FuncChat.Engine.Models.Catalog;
using FuncChat.Web.Auth;

namespace FuncChat.Local;

/// <summary>Three lines once the server listens: where it is, which models answer, and who may use it.</summary>
internal static class ReadyReport
{
    private const int MostModels = 5;

    public static void ReportReady(this WebApplication app)
    {
        Console.WriteLine($"FuncChat is ready: {string.Join(", ", app.Urls)}");
        Console.WriteLine($"Models: {ModelsOf(app.Services.GetRequiredService<ModelCatalog>())}");
        Console.WriteLine($"Access: {AccessSummary.Of(app.Services)}");
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

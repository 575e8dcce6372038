using FuncChat.Tools.Fetch;
using FuncChat.Tools.Sandboxes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tools.Scrape;

internal static class ScrapeServices
{
    /// <summary>Adds <see cref="PageReader"/> and the tool that offers it to the model.</summary>
    public static IServiceCollection AddPageReading(this IServiceCollection services)
    {
        services.AddSingleton<ParseBudget>();
        services.AddSingleton(provider => new DocumentReader(
            SandboxCommand.CreateForDocument, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<DocumentReader>>()));
        services.AddSingleton(provider => new PageReader(
            provider.GetRequiredKeyedService<GuardedHttp>(GuardedHttp.Pages),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ParseBudget>(),
            provider.GetRequiredService<DocumentReader>()));
        services.AddSingleton(provider => new ScrapeWebContentTool(provider.GetRequiredService<PageReader>()).AsTool());
        return services;
    }
}

using FuncChat.Engine.Turns;
using FuncChat.Tools.Configuration;
using FuncChat.Tools.Scrape;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Files;

internal static class FileServices
{
    public static IServiceCollection AddFiles(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<FileLimits>(configuration, FileLimits.Section);
        services.AddSingleton<FileStorage>();
        services.AddSingleton<FileParts>();
        services.AddSingleton(provider => new FileService(
            provider.GetRequiredService<FileStorage>(), provider.GetRequiredService<DocumentReader>(), provider.GetRequiredService<TurnRuntime>(), provider.GetRequiredService<RequestMemory>(),
            provider.GetRequiredService<IOptions<FileLimits>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<FileUpkeep>();
        return services;
    }
}

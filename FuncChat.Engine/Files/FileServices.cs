using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Engine.Files;

internal static class FileServices
{
    public static IServiceCollection AddFiles(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<FileLimits>(configuration, FileLimits.Section);
        services.AddSingleton<FileStorage>();
        services.AddSingleton<FileParts>();
        services.AddSingleton<FileService>();
        services.AddHostedService<FileUpkeep>();
        return services;
    }
}

using FuncChat.Tools.Configuration;
using FuncChat.Tools.Sandboxes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools.JavaScript;

internal static class JavaScriptServices
{
    /// <summary>Adds the tool `execute_javascript`, with settings from the section <see cref="JavaScriptOptions.Section"/>.</summary>
    public static IServiceCollection AddJavaScriptTool(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<JavaScriptOptions>(configuration, JavaScriptOptions.Section);
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<JavaScriptOptions>>().Value;
            return new SandboxRunner(
                () => SandboxCommand.Create(options),
                options,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<SandboxRunner>>());
        });
        services.AddSingleton(provider => new JavaScriptTool(provider.GetRequiredService<SandboxRunner>()).AsTool());
        return services;
    }
}

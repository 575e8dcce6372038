using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools.JavaScript;

public static class JavaScriptServices
{
    /// <summary>Adds the tool <c>execute_javascript</c>, with settings from the section <see cref="JavaScriptOptions.Section"/>.</summary>
    public static IServiceCollection AddJavaScriptTool(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<JavaScriptOptions>(configuration, JavaScriptOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
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

using FuncChat.Engine.Turns;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Hosting;

internal static class HostLimits
{
    /// <summary>Adapts the worker to the limits of the Functions host.</summary>
    public static IServiceCollection AddHostLimits(this IServiceCollection services, IConfiguration configuration)
    {
        // The host buffers a whole body before it calls the worker, and fails without an answer if the worker does not read it to the end.
        services.PostConfigure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var path = Path.Combine(AppContext.BaseDirectory, "host.json");
        return services.AddSingleton<IValidateOptions<TurnOptions>>(
            new FunctionTimeoutCheck(FunctionTimeout.Read(path, configuration), FunctionTimeout.FindError(path, configuration), configuration));
    }
}

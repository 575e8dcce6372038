using FuncChat.Web.Formats;
using FuncChat.Web.Turns;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Web.Responses;

internal static class ResponsesServices
{
    public static IServiceCollection AddResponses(this IServiceCollection services)
    {
        services.AddSingleton<PreviousResponses>();
        services.AddSingleton<ResponseRequestParser>();
        return services.AddScoped(provider => new ResponsesApi(
            provider.GetRequiredService<ResponseRequestParser>(), provider.GetRequiredService<TurnStarter>(), provider.GetRequiredService<WireFormats>()));
    }
}

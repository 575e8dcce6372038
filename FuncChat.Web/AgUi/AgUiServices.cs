using FuncChat.Engine.Turns;
using FuncChat.Web.Chat;
using FuncChat.Web.Formats;
using FuncChat.Web.Http;
using FuncChat.Web.Turns;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Web.AgUi;

internal static class AgUiServices
{
    public static IServiceCollection AddAgUi(this IServiceCollection services)
    {
        services.AddSingleton<AgUiRequestParser>();
        return services.AddScoped(provider => new AgUiApi(
            provider.GetRequiredService<AgUiRequestParser>(), provider.GetRequiredService<ClientChats>(), provider.GetRequiredService<RequestBody>(),
            provider.GetRequiredService<TurnService>(), provider.GetRequiredService<RequestAnswers>(),
            provider.GetRequiredService<WireFormats>()));
    }
}

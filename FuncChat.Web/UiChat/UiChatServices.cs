using FuncChat.Engine.Turns;
using FuncChat.Web.Chat;
using FuncChat.Web.Formats;
using FuncChat.Web.Http;
using FuncChat.Web.Turns;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Web.UiChat;

internal static class UiChatServices
{
    public static IServiceCollection AddUiChat(this IServiceCollection services)
    {
        services.AddSingleton<UiChatRequestParser>();
        return services.AddScoped(provider => new UiChatApi(
            provider.GetRequiredService<UiChatRequestParser>(), provider.GetRequiredService<ClientChats>(), provider.GetRequiredService<RequestBody>(),
            provider.GetRequiredService<TurnService>(), provider.GetRequiredService<StoredTurns>(), provider.GetRequiredService<RequestAnswers>(),
            provider.GetRequiredService<WireFormats>(), provider.GetRequiredService<TimeProvider>()));
    }
}

using FuncChat.Web.Formats.Native;
using FuncChat.Web.Formats.OpenAiChat;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Web.Formats;

internal static class FormatServices
{
    public static IServiceCollection AddWireFormats(this IServiceCollection services)
    {
        services.AddSingleton<IWireFormat, NativeFormat>();
        services.AddSingleton<IWireFormat, OpenAiChatFormat>();
        services.AddSingleton<IWireFormat, CompletionFormat>();
        return services.AddSingleton<WireFormats>();
    }
}

using FuncChat.Web.Formats.AgUi;
using FuncChat.Web.Formats.Native;
using FuncChat.Web.Formats.OpenAiChat;
using FuncChat.Web.Formats.Responses;
using FuncChat.Web.Formats.UiMessages;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Web.Formats;

internal static class FormatServices
{
    public static IServiceCollection AddWireFormats(this IServiceCollection services)
    {
        services.AddSingleton<IWireFormat, NativeFormat>();
        services.AddSingleton<IWireFormat, OpenAiChatFormat>();
        services.AddSingleton<IWireFormat, CompletionFormat>();
        services.AddSingleton<IWireFormat, ResponseStreamFormat>();
        services.AddSingleton<IWireFormat, ResponseFormat>();
        services.AddSingleton<IWireFormat, UiMessageFormat>();
        services.AddSingleton<IWireFormat, AgUiFormat>();
        return services.AddSingleton<WireFormats>();
    }
}

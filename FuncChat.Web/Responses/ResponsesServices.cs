using FuncChat.Engine.Background;
using FuncChat.Engine.Threads;
using FuncChat.Engine.Turns;
using FuncChat.Web.Formats;
using FuncChat.Web.Http;
using FuncChat.Web.Turns;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Web.Responses;

internal static class ResponsesServices
{
    public static IServiceCollection AddResponses(this IServiceCollection services)
    {
        services.AddSingleton<DeletedResponses>();
        services.AddSingleton<PreviousResponses>();
        services.AddSingleton<ReferencedItems>();
        services.AddSingleton<ResponseRequestParser>();
        services.AddSingleton<StoredResponses>();
        services.AddScoped<ResponseApprovals>();
        services.AddScoped(provider => new ResponseResourceApi(
            provider.GetRequiredService<StoredResponses>(), provider.GetRequiredService<DeletedResponses>(), provider.GetRequiredService<TurnService>(),
            provider.GetRequiredService<ThreadTurns>(), provider.GetRequiredService<TurnRemoval>(), provider.GetRequiredService<WireFormats>()));
        return services.AddScoped(provider => new ResponsesApi(
            provider.GetRequiredService<ResponseRequestParser>(), provider.GetRequiredService<RequestBody>(), provider.GetRequiredService<TurnStarter>(), provider.GetRequiredService<TurnService>(),
            provider.GetRequiredService<IBackgroundTurns>(), provider.GetRequiredService<StoredResponses>(), provider.GetRequiredService<ResponseApprovals>(), provider.GetRequiredService<ThreadTurns>(),
            provider.GetRequiredService<WireFormats>()));
    }
}

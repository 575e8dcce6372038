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
        services.AddScoped<ResponseResults>();
        services.AddScoped<ResponseApprovals>();
        services.AddScoped<ResponseResourceApi>();
        return services.AddScoped<ResponsesApi>();
    }
}

using FuncChat.Engine.Threads;
using FuncChat.Engine.Turns;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Engine.Approvals;

internal static class ApprovalQueueServices
{
    public static IServiceCollection AddApprovalQueue(this IServiceCollection services)
    {
        services.AddSingleton(provider => new ApprovalQueue(
            provider.GetRequiredService<IWaitingTurnStore>(), provider.GetRequiredService<ConversationReader>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ITurnObserver, ParkedTurns>();
        return services;
    }
}

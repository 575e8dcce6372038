using FuncChat.Engine.Turns;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Engine.Approvals;

internal static class ApprovalQueueServices
{
    public static IServiceCollection AddApprovalQueue(this IServiceCollection services)
    {
        services.AddSingleton<ApprovalQueue>();
        services.AddSingleton<ITurnObserver, ParkedTurns>();
        return services;
    }
}

using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Engine.Turns;

internal static class TurnKindServices
{
    /// <summary>Adds a kind of turn.</summary>
    /// <param name="name">Identifies the kind in stored turns and in telemetry: it must never change.</param>
    public static IServiceCollection AddTurnKind<TKind, TRequest>(this IServiceCollection services, string name)
        where TKind : class, ITurnKind<TRequest>
        where TRequest : TurnRequest
    {
        services.AddScoped<TKind>();
        services.AddSingleton(new TurnKindRegistration(
            name, typeof(TRequest), (scope, key, request) => scope.GetRequiredService<TKind>().Create(key, (TRequest)request)));
        return services;
    }
}

using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Store;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.Turns;
using FuncChat.Engine.Usage;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Plans;

/// <summary>Plans: one model call, or a second one to repair its answer, and no tools.</summary>
internal sealed class PlanTurnKind(ModelCatalog models, IOptions<TurnOptions> options, TokenMeter meter, EngineTelemetry telemetry, TimeProvider time)
    : ITurnKind<PlanTurnRequest>
{
    public Result<ITurnHandler> Create(TurnKey key, PlanTurnRequest request)
    {
        if (request.Resolved is { } known)
            return Create(key, request, known);
        return models.TryResolve(request.Model, out var model, out var error) ? Create(key, request, model) : error;
    }

    private PlanTurn Create(TurnKey key, PlanTurnRequest request, ResolvedModel model) =>
        new(key, request, model, options.Value, meter, telemetry, time);
}

using FuncChat.Engine.Store;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Plans;
using FuncChat.Engine.Searches;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.ToolRuns;
using FuncChat.Tools;
using FuncChat.Tools.Scrape;
using FuncChat.Tools.Search;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Turns;

/// <summary>Makes the program of a turn from its request.</summary>
public sealed class TurnFactory(
    ModelCatalog models, ToolCatalog tools, WebSearch search, PageReader reader, IOptions<TurnOptions> options, TimeProvider time,
    EngineTelemetry? telemetry = null, ILogger<TurnFactory>? logger = null)
{
    private readonly ToolArguments _arguments = new();
    private readonly EngineTelemetry _telemetry = telemetry ?? EngineTelemetry.Unhosted;

    /// <summary>The program, or what this server lacks for it.</summary>
    internal Result<ITurnHandler> Create(TurnKey key, TurnRequest request, IToolRunner runner) => request switch
    {
        ChatTurnRequest chat => CreateChat(key, chat, runner),
        SearchTurnRequest query => new SearchTurn(key.TurnId, query, search, reader, time),
        PlanTurnRequest plan => CreatePlan(key, plan),
        _ => throw new ArgumentOutOfRangeException(nameof(request), request, "A request of an unknown kind."),
    };

    private Result<ITurnHandler> CreateChat(TurnKey key, ChatTurnRequest request, IToolRunner runner)
    {
        if (!models.TryResolve(request.Model, out var model, out var error))
            return error;
        if (request.Tools.FirstOrDefault(tool => tool.Source is null && !tools.IsBuiltIn(tool.Name)) is { } gone)
            return new AppError(ErrorCode.InvalidRequest, $"This server has no tool '{gone.Name}'.") { Path = "$.tools" };
        var user = new ToolUser(key.User, UserToken.Current);
        var dispatcher = new ToolDispatcher(key, $"{model.Provider}:{model.Name}", user, runner, _arguments, options.Value, time, logger ?? NullLogger<TurnFactory>.Instance);
        return new ChatTurn(key.TurnId, request, model, tools, user, new UntrustedResults(tools), dispatcher, options.Value, _telemetry, time);
    }

    private Result<ITurnHandler> CreatePlan(TurnKey key, PlanTurnRequest request) =>
        models.TryResolve(request.Model, out var model, out var error)
            ? new PlanTurn(key.TurnId, request, model, options.Value, _telemetry, time)
            : error;
}

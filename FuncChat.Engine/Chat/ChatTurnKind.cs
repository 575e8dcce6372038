using FuncChat.Engine.Chat.Approvals;
using FuncChat.Engine.Files;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Store;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Turns;
using FuncChat.Engine.Usage;
using FuncChat.Tools;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Chat;

/// <summary>Chats: the only kind of turn that runs tools.</summary>
/// <param name="runner">The runner of the request that starts or continues the turn.</param>
internal sealed class ChatTurnKind(
    ModelCatalog models, ToolCatalog tools, IToolRunner runner, ToolArguments arguments, ApprovalPolicy policy, IOptions<TurnOptions> options, TimeProvider time,
    TokenMeter meter, Budgets budgets, FileParts files, EngineTelemetry telemetry, TurnRuntime runtime, ILogger<ChatTurnKind> logger) : ITurnKind<ChatTurnRequest>
{
    public Result<ITurnHandler> Create(TurnKey key, ChatTurnRequest request)
    {
        if (request.Resolved is { } known)
            return Create(key, request, known);
        if (!models.TryResolve(request.Model, out var model, out var error))
            return error;

        // A stored turn has the names alone, and the settings may have changed since.
        if (request.Tools.FirstOrDefault(tool => tool.Source is null && !tools.IsBuiltIn(tool.Name)) is { } gone)
            return new AppError(ErrorCode.InvalidRequest, $"This server has no tool '{gone.Name}'.") { Path = "$.tools" };
        return Create(key, request, model);
    }

    private ChatTurn Create(TurnKey key, ChatTurnRequest request, ResolvedModel model)
    {
        var user = new ToolUser(key.User, UserToken.Current);
        var mayCall = AllowedTools.CallableBy(request.Options ?? RequestOptions.None);
        var state = new ChatTurnState((request.ClientTools ?? []).Select(tool => tool.Name).Where(name => mayCall(name)).ToHashSet(StringComparer.Ordinal));
        var approvals = new ToolApprovals(policy, key.User, request.ApprovedTools ?? [], mayAsk: !request.StopsWithClient || request.AnswersRequests, state.Requests, time) { AskedTools = request.AskedTools ?? [] };
        var untrusted = new UntrustedResults(tools, key.User);
        var budget = new TurnBudget(key, meter, budgets, policy, state.Requests, time);
        var dispatcher = new ToolDispatcher(
            key, model.Id, user, runner, arguments, new AddressCheck(untrusted, tools), approvals, options.Value, time, logger,
            budget.CanBeRaised && !request.StopsWithClient ? budget : null, request.ThreadId, () => runtime.Usage.AddToolRunAsync(key.User));
        var answers = new TurnAnswers(state.Requests, arguments, time);
        return new ChatTurn(key.TurnId, request, state, model, tools, mayCall, user, untrusted, dispatcher, answers, files, options.Value, budget, telemetry, time);
    }
}

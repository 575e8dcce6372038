using FuncChat.Engine.Log;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.ToolRuns;
using FuncChat.Tools;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Turns;

/// <summary>Makes the program of a turn from its request.</summary>
internal sealed class TurnFactory(ModelCatalog models, ToolCatalog tools, IOptions<TurnOptions> options, TimeProvider time)
{
    private readonly ToolArguments _arguments = new();

    /// <summary>The program, or what this server lacks for it.</summary>
    public Attempt<ITurnProgram> Create(TurnKey key, TurnRequest request, IToolRunner runner) => request switch
    {
        ChatTurnRequest chat => CreateChat(key, chat, runner),
        _ => throw new ArgumentOutOfRangeException(nameof(request), request, "A request of an unknown kind."),
    };

    private Attempt<ITurnProgram> CreateChat(TurnKey key, ChatTurnRequest request, IToolRunner runner)
    {
        if (!models.TryResolve(request.Model, out var model, out var error))
            return error;
        var offered = new List<Tool>();
        foreach (var name in request.Tools)
        {
            if (!tools.TryGet(name, out var tool))
                return new ChatError(ErrorCode.InvalidRequest, $"This server has no tool '{name}'.") { Path = "$.tools" };
            offered.Add(tool);
        }

        var dispatcher = new ToolDispatcher(key, $"{model.Provider}:{model.Name}", offered, runner, _arguments, options.Value, time);
        return new ChatTurn(key.TurnId, request, model, offered, new UntrustedResults(tools), dispatcher, options.Value, time);
    }
}

using System.Text.Json;
using Microsoft.Extensions.AI;

namespace FuncChat.Tools;

/// <summary>A function whose work another server does.</summary>
internal sealed class RemoteFunction(
    string name, string description, JsonElement schema, Func<AIFunctionArguments, IToolRun?, CancellationToken, Task<string>> call) : AIFunction
{
    public override string Name => name;

    public override string Description => description;

    public override JsonElement JsonSchema => schema;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        await call(arguments, Tool.FindRun(arguments), cancellationToken);
}

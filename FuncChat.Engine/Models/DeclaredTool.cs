using System.Text.Json;
using Microsoft.Extensions.AI;

namespace FuncChat.Engine.Models;

/// <summary>The declaration of a tool that this server does not run.</summary>
/// <param name="strict">Whether the provider must keep the arguments to the schema; null leaves it to the provider.</param>
internal sealed class DeclaredTool(string name, string description, JsonElement schema, bool? strict = null) : AIFunctionDeclaration
{
    // As the clients of Microsoft.Extensions.AI name it.
    private const string StrictKey = "strict";

    public override string Name => name;

    public override string Description => description;

    public override JsonElement JsonSchema => schema;

    public override IReadOnlyDictionary<string, object?> AdditionalProperties { get; } =
        strict is { } value ? new Dictionary<string, object?>(StringComparer.Ordinal) { [StrictKey] = value } : new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>Whether the provider must keep the arguments of calls to the schema; null if the tool leaves it to the provider.</summary>
    public static bool? StrictOf(AIFunctionDeclaration tool) => tool is DeclaredTool && tool.AdditionalProperties.TryGetValue(StrictKey, out var value) ? (bool?)value : null;
}

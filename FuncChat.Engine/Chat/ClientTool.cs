using System.Text.Json;
using System.Text.Json.Serialization;
using FuncChat.Engine.Models;
using Microsoft.Extensions.AI;

namespace FuncChat.Engine.Chat;

/// <summary>A tool that the client defines and runs itself: the model may call it, and the call ends the turn.</summary>
/// <param name="Parameters">The JSON Schema of its arguments.</param>
public sealed record ClientTool(string Name, string Description, RawJson Parameters)
{
    /// <summary>Whether the provider must keep the arguments to the schema; null leaves it to the provider.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Strict { get; init; }

    private static readonly JsonElement AnyArguments = JsonElement.Parse("""{"type":"object"}""");

    internal AIFunctionDeclaration ToDeclaration() =>
        new DeclaredTool(Name, Description, JsonElement.Parse(Parameters.Utf8.Span), Strict);

    /// <summary>The declaration of a tool of which only the name is known.</summary>
    internal static AIFunctionDeclaration Unknown(string name) =>
        AIFunctionFactory.CreateDeclaration(name, "A tool that was available earlier in this conversation.", AnyArguments);
}

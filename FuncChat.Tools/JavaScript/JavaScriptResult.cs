using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncChat.Tools.JavaScript;

/// <summary>The result of a script that ran to its end, for the model.</summary>
/// <param name="Result">The last expression's value: as JSON if possible, otherwise as a console prints it.</param>
/// <param name="Console">The calls of console methods, in order.</param>
/// <param name="Truncated">True when any of it was cut; absent otherwise.</param>
internal sealed record JavaScriptResult(
    [property: JsonPropertyName("result")] JsonElement Result,
    [property: JsonPropertyName("console")] IReadOnlyList<string> Console,
    [property: JsonPropertyName("truncated"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Truncated);

using System.Text.Json;

namespace FuncChat.Engine.Models;

/// <summary>The JSON that a model is to answer with, for providers that can hold it to a schema.</summary>
/// <param name="Name">Of letters, digits, '_' and '-'.</param>
/// <param name="Schema">A JSON Schema: every property required, no others allowed, as strict modes want it.</param>
public sealed record ResponseSchema(string Name, JsonElement Schema);

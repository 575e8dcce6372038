using System.Text.Json;

namespace FuncChat.Engine.Models;

/// <summary>The JSON of a model's answer, for providers that can enforce a schema.</summary>
/// <param name="Name">Of letters, digits, '_' and '-'.</param>
/// <param name="Schema">A JSON Schema: every property required, no others allowed, as strict modes need it.</param>
public sealed record ResponseSchema(string Name, JsonElement Schema);

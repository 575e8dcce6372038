using System.Text.Json;
using System.Text.Json.Nodes;

namespace FuncChat.Engine.Models;

/// <summary>
/// What a provider wants back with the history and no client reads: signatures, encrypted reasoning, reasoning text in the provider's own field.
/// It goes back to the provider and model that made it, and to no other.
/// </summary>
public sealed record ModelState
{
    /// <summary>The field in which the answer's reasoning text goes back, such as `reasoning_content`; null where the text stays here.</summary>
    public string? ReasoningField { get; init; }

    /// <summary>A JSON object of the message's own fields; null where there are none.</summary>
    public RawJson? Message { get; init; }

    /// <summary>For a tool call, by its index, a JSON object of the call's own fields.</summary>
    public IReadOnlyDictionary<int, RawJson> ToolCalls { get; init; } = new Dictionary<int, RawJson>();

    /// <summary>The state of an answer that consists of items, whose order is kept.</summary>
    internal static ModelState OfItems(JsonArray items) =>
        new() { Message = new RawJson(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["items"] = items }, EngineJson.Relaxed.JsonObject)) };
}

/// <summary>A failed try of a model call that is repeated after a wait.</summary>
/// <param name="Attempt">The number of the try that failed, from 1.</param>
/// <param name="Wait">How long the next try is waited for.</param>
/// <param name="Error">Why the try failed.</param>
public sealed record ModelRetry(int Attempt, TimeSpan Wait, AppError Error);

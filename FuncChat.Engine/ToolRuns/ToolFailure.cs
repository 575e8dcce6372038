using System.Text.Json;

namespace FuncChat.Engine.ToolRuns;

/// <summary>How a failure is told to the model: `{"error": "…"}`.</summary>
internal static class ToolFailure
{
    public static string ToJson(string message) => $$"""{"error":{{JsonSerializer.Serialize(message, EngineJson.Relaxed.String)}}}""";
}

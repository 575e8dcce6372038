using System.Text.Json;

namespace FuncChat.Engine.ToolRuns;

/// <summary>A failure as the model receives it: `{"error": "…"}`.</summary>
internal static class ToolFailure
{
    public static string ToJson(string message) => $$"""{"error":{{JsonSerializer.Serialize(message, EngineJson.Relaxed.String)}}}""";
}

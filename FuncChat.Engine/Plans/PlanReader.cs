using System.Text.Json;
using FuncChat.Engine.Events;
using NJsonSchema;

namespace FuncChat.Engine.Plans;

/// <summary>Finds the plan in a model's answer, which may wrap it in a code fence or other text, and validates it.</summary>
internal static class PlanReader
{
    private const int MaxErrors = 5;

    private static readonly Lazy<Task<JsonSchema>> Schema = new(() => JsonSchema.FromJsonAsync(PlanSchema.Json));

    /// <summary>Returns the plan, or what is wrong with it as sentences for the model.</summary>
    public static async Task<Result<PlanEvent>> ReadAsync(string answer)
    {
        var start = answer.IndexOf('{', StringComparison.Ordinal);
        var end = answer.LastIndexOf('}');
        if (start < 0)
            return Error("It has no JSON object.");
        var json = answer[start..(end < start ? answer.Length : end + 1)];
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var errors = (await Schema.Value).Validate(json);
            if (errors.Count > 0)
                return Error($"It does not fit: {string.Join("; ", errors.Take(MaxErrors).Select(error => $"{error.Path ?? "#"} {error.Kind}"))}.");
            return TryDeserialize(document.RootElement) is { } plan ? plan : Error("It has text that is not valid Unicode.");
        }
        catch (JsonException e)
        {
            return Error($"It is not valid JSON: {e.Message}");
        }
    }

    private static AppError Error(string message) => new(ErrorCode.UpstreamError, message);

    private static PlanEvent? TryDeserialize(JsonElement plan)
    {
        try
        {
            return plan.Deserialize(EngineJson.Default.PlanEvent);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

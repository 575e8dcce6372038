using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using FuncChat.Engine.Events;
using NJsonSchema;

namespace FuncChat.Engine.Plans;

/// <summary>Finds the plan in a model's answer, which may wrap it in a code fence or other text, and validates it.</summary>
internal static class PlanReader
{
    private const int MaxErrors = 5;

    private static readonly Lazy<Task<JsonSchema>> Schema = new(() => JsonSchema.FromJsonAsync(PlanSchema.Json));

    /// <summary>Returns the plan, or its error as sentences for the model.</summary>
    public static async Task<(PlanEvent? Plan, string Error)> ReadAsync(string answer)
    {
        var start = answer.IndexOf('{', StringComparison.Ordinal);
        var end = answer.LastIndexOf('}');
        if (start < 0)
            return (null, "It has no JSON object.");
        var json = answer[start..(end < start ? answer.Length : end + 1)];
        if (!TryParse(json, out var plan, out var broken))
            return (null, broken);

        var faults = (await Schema.Value).Validate(json);
        if (faults.Count == 0)
            return (plan, plan is null ? "It has text that is not valid Unicode." : "");
        var reported = faults.Take(MaxErrors).Select(fault => $"{fault.Path ?? "#"} {fault.Kind}");
        return (null, $"It does not fit: {string.Join("; ", reported)}.");
    }

    private static bool TryParse(string json, out PlanEvent? plan, [NotNullWhen(false)] out string? fault)
    {
        (plan, fault) = (null, null);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });

            // The schema reports wrong types, in better words.
            plan = TryDeserialize(document.RootElement);
            return true;
        }
        catch (JsonException e)
        {
            fault = $"It is not valid JSON: {e.Message}";
            return false;
        }
    }

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

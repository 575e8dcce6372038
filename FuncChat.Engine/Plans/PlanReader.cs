using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using FuncChat.Engine.Events;
using NJsonSchema;

namespace FuncChat.Engine.Plans;

/// <summary>Reads a plan out of a model's answer, which may stand in a code fence or between other words, and checks it.</summary>
internal static class PlanReader
{
    private const int FaultsTold = 5;

    private static readonly Lazy<Task<JsonSchema>> Schema = new(() => JsonSchema.FromJsonAsync(PlanSchema.Json));

    /// <summary>The plan, or what is wrong with it, in sentences for the model.</summary>
    public static async Task<(PlanEvent? Plan, string Fault)> ReadAsync(string answer)
    {
        var start = answer.IndexOf('{', StringComparison.Ordinal);
        var end = answer.LastIndexOf('}');
        if (start < 0)
            return (null, "It holds no JSON object.");
        var json = answer[start..(end < start ? answer.Length : end + 1)];
        if (!TryParse(json, out var plan, out var broken))
            return (null, broken);

        var faults = (await Schema.Value).Validate(json);
        if (faults.Count == 0)
            return (plan, plan is null ? "It holds text that is not valid Unicode." : "");
        var told = faults.Take(FaultsTold).Select(fault => $"{fault.Path ?? "#"} {fault.Kind}");
        return (null, $"It does not fit: {string.Join("; ", told)}.");
    }

    private static bool TryParse(string json, out PlanEvent? plan, [NotNullWhen(false)] out string? fault)
    {
        (plan, fault) = (null, null);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });

            // What has other types than a plan is told by the schema, in better words.
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

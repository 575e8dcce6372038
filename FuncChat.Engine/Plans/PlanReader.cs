using System.Text;
using System.Text.Json;
using FuncChat.Engine.Events;
using NJsonSchema;

namespace FuncChat.Engine.Plans;

/// <summary>
/// Finds the plan in a model's answer, which may wrap it in a code fence, other text, another object or a string, and validates it. The last valid one
/// counts.
/// </summary>
internal static class PlanReader
{
    private const string Wrapper = "plan";
    private const int MaxErrors = 5;

    // Validation costs more than the search for objects.
    private const int MostObjects = 16;

    // A model that is caught in a loop may write braces without end.
    private const int MostFailures = 1000;

    private static readonly JsonDocumentOptions Lenient = new() { AllowDuplicateProperties = false, AllowTrailingCommas = true };

    private static readonly Lazy<Task<JsonSchema>> Schema = new(() => JsonSchema.FromJsonAsync(PlanSchema.Json));

    /// <summary>Returns the plan, or what is wrong with it as sentences for the model.</summary>
    public static async Task<Result<PlanEvent>> ReadAsync(string answer)
    {
        var schema = await Schema.Value;
        var (objects, error) = Find(Encoding.UTF8.GetBytes(Unquote(answer)));
        var longest = error is null ? 0 : int.MaxValue;
        foreach (var json in objects.AsEnumerable().Reverse())
        {
            var plan = Read(json, schema);
            if (plan.Succeeded)
                return plan;
            if (json.Length > longest)
                (longest, error) = (json.Length, plan.Error);
        }

        return error ?? Error("It has no JSON object.");
    }

    /// <summary>Finds the outermost objects, and the error of invalid JSON that is longer than any of them.</summary>
    private static (List<string> Objects, AppError? Error) Find(ReadOnlySpan<byte> text)
    {
        var objects = new List<string>();
        AppError? error = null;
        var longest = 0L;
        var failures = 0;
        for (var start = text.IndexOf((byte)'{'); start >= 0 && failures < MostFailures;)
        {
            var reader = new Utf8JsonReader(text[start..], new JsonReaderOptions { AllowTrailingCommas = true });
            var length = 1;
            try
            {
                reader.Read();
                reader.Skip();
                length = (int)reader.BytesConsumed;
                objects.Add(Encoding.UTF8.GetString(text.Slice(start, length)));
                if (objects.Count > MostObjects)
                    objects.RemoveAt(0);
                if (length >= longest)
                    (longest, error) = (length, null);
            }
            catch (JsonException e)
            {
                failures++;
                if (reader.BytesConsumed > longest)
                    (longest, error) = (reader.BytesConsumed, Invalid(e));
            }

            var next = text[(start + length)..].IndexOf((byte)'{');
            start = next < 0 ? -1 : start + length + next;
        }

        return (objects, error);
    }

    private static Result<PlanEvent> Read(string json, JsonSchema schema)
    {
        try
        {
            using var found = JsonDocument.Parse(json, Lenient);
            var plain = Normalize(found.RootElement, schema);
            var errors = schema.Validate(plain);
            if (errors.Count > 0)
                return Error($"It does not fit: {string.Join("; ", errors.Take(MaxErrors).Select(error => $"{error.Path ?? "#"} {error.Kind}"))}.");
            using var plan = JsonDocument.Parse(plain);
            return TryDeserialize(plan.RootElement) is { } read ? read : Error("It has text that is not valid Unicode.");
        }
        catch (JsonException e)
        {
            return Invalid(e);
        }
    }

    // The fields of a plan only: null as a list is an empty one, and a choice may be in any case.
    private static string Normalize(JsonElement plan, JsonSchema schema)
    {
        if (!schema.RequiredProperties.All(name => plan.TryGetProperty(name, out _)) && plan.TryGetProperty(Wrapper, out var inner)
            && inner.ValueKind is JsonValueKind.Object)
            plan = inner;
        var fields = new List<string>();
        foreach (var (name, field) in schema.Properties)
        {
            if (!plan.TryGetProperty(name, out var value))
                continue;
            var text = value.ValueKind is JsonValueKind.Null && field.Type is JsonObjectType.Array ? "[]"
                : field.IsEnumeration ? value.GetRawText().ToLowerInvariant()
                : TextOf(value);
            fields.Add($"\"{name}\":{text}");
        }

        return $"{{{string.Join(',', fields)}}}";
    }

    // The validation does not accept trailing commas.
    private static string TextOf(JsonElement value) =>
        value.ValueKind is JsonValueKind.Array ? $"[{string.Join(',', value.EnumerateArray().Select(TextOf))}]" : value.GetRawText();

    // Some models write the object as a JSON string.
    private static string Unquote(string answer)
    {
        if (!answer.AsSpan().TrimStart().StartsWith('"'))
            return answer;
        try
        {
            using var text = JsonDocument.Parse(answer);
            return JsonStringBytes.TextOf(text.RootElement);
        }
        catch (JsonException)
        {
            return answer;
        }
    }

    private static AppError Invalid(JsonException e) => Error($"It is not valid JSON: {e.Message}");

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

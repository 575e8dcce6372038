using System.Text.Json;

namespace FuncChat.Engine.Models.Catalog;

/// <summary>Reads a provider's list of models: `{"data":[{"id":"…"}]}`, with what some providers add to each.</summary>
internal static class ModelListJson
{
    private const int MostModels = 1000;

    // Models for other purposes than chats, which some providers list among the others.
    private static readonly string[] OtherPurposes =
    [
        "embed", "whisper", "tts", "dall-e", "gpt-image", "imagen", "moderation", "realtime", "transcribe", "sora", "veo", "babbage", "davinci", "rerank",
        "guard", "ocr", "speech", "-live-",
    ];

    /// <summary>The models, by name; null where the document is no such list.</summary>
    public static IReadOnlyList<ReportedModel>? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind is not JsonValueKind.Object || !document.RootElement.TryGetProperty("data", out var data)
                || data.ValueKind is not JsonValueKind.Array)
                return null;
            return
            [
                .. data.EnumerateArray().Select(Model).OfType<ReportedModel>().Where(model => ModelName.IsValid(model.Name))
                    .DistinctBy(model => model.Name).Take(MostModels).OrderBy(model => model.Name, StringComparer.OrdinalIgnoreCase),
            ];
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static ReportedModel? Model(JsonElement model)
    {
        if (MessageJson.Text(model, "id") is not { } name)
            return null;

        // Gemini's compatible list has the names of its own API.
        name = name.StartsWith("models/", StringComparison.Ordinal) ? name["models/".Length..] : name;
        return Array.Exists(OtherPurposes, word => name.Contains(word, StringComparison.OrdinalIgnoreCase)) || IsInactive(model) ? null : new(name, CapabilitiesOf(model));
    }

    private static bool IsInactive(JsonElement model) =>
        model.TryGetProperty("active", out var active) && active.ValueKind is JsonValueKind.False;

    private static ModelCapabilities CapabilitiesOf(JsonElement model)
    {
        var inputs = Words(Member(Member(model, "architecture"), "input_modalities")) ?? Words(Member(model, "input_modalities"));
        var parameters = Words(Member(model, "supported_parameters"));
        var own = Member(model, "capabilities");
        return new ModelCapabilities
        {
            Images = inputs?.Contains("image") ?? Flag(own, "vision") ?? Flag(Member(own, "image_input"), "supported"),
            Audio = inputs?.Contains("audio") ?? Flag(own, "audio"),
            Files = inputs?.Contains("file") ?? Flag(Member(own, "pdf_input"), "supported"),
            Tools = parameters?.Contains("tools") ?? Flag(own, "function_calling") ?? ProviderTools(model),
            Reasoning = parameters?.Contains("reasoning") ?? Flag(own, "reasoning") ?? Flag(Member(own, "thinking"), "supported"),
            ContextLength = Number(model, "context_length") ?? Number(model, "context_window") ?? Number(model, "max_context_length")
                ?? Number(model, "max_model_len") ?? Number(model, "max_input_tokens"),
        };
    }

    // Hugging Face's router: any of its providers.
    private static bool? ProviderTools(JsonElement model) =>
        Member(model, "providers") is { ValueKind: JsonValueKind.Array } providers
            ? providers.EnumerateArray().Any(provider => Flag(provider, "supports_tools") is true)
            : null;

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    private static HashSet<string?>? Words(JsonElement list) => list.ValueKind is JsonValueKind.Array
        ? list.EnumerateArray().Where(word => word.ValueKind is JsonValueKind.String).Select(word => word.GetString()).ToHashSet(StringComparer.Ordinal)
        : null;

    private static bool? Flag(JsonElement element, string name) =>
        Member(element, name).ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };

    private static long? Number(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) && number > 0 ? number : null;
}

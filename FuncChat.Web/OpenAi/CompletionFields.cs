using System.Globalization;
using System.Text;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Store;
using FuncChat.Web.Chat;
using FuncChat.Web.Http;

namespace FuncChat.Web.OpenAi;

/// <summary>Reads single fields of a body and keeps the first error. A field that is null is absent.</summary>
internal sealed class CompletionFields(JsonElement body)
{
    public AppError? Error { get; private set; }

    /// <summary>The fields that are passed on to the provider as they are.</summary>
    public static Dictionary<string, RawJson>? OptionsOf(JsonElement body)
    {
        var options = body.EnumerateObject()
            .Where(field => field.Value.ValueKind != JsonValueKind.Null && RequestOptions.IsKnown(field.Name) && !IsDefault(field))
            .ToDictionary(field => field.Name, Option, StringComparer.Ordinal);
        return options.Count > 0 ? options : null;
    }

    public SamplingOptions Sampling() => new()
    {
        Temperature = Number("temperature", 0, 2),
        TopP = Number("top_p", 0, 1),
        FrequencyPenalty = Number("frequency_penalty", -2, 2),
        PresencePenalty = Number("presence_penalty", -2, 2),
        MaxTokens = Limit("max_completion_tokens") ?? Limit("max_tokens"),
    };

    public string? TurnId()
    {
        if (Text("turn_id") is not { } id || TurnKey.IsTurnId(id))
            return Text("turn_id");
        Fail("turn_id", "must have 8 to 64 letters, digits, '_' and '-'.");
        return null;
    }

    public string? Text(string name)
    {
        if (!JsonField.TryGet(body, name, out var value))
            return null;
        if (JsonField.TryGetText(value, out var text))
            return text;
        Fail(name, "must be a string.");
        return null;
    }

    public bool Flag(string name)
    {
        if (!JsonField.TryGet(body, name, out var value))
            return false;
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            Fail(name, "must be true or false.");
        return value.ValueKind == JsonValueKind.True;
    }

    // Providers refuse a whole number that is written as 5.0.
    private static RawJson Option(JsonProperty field) => JsonField.WholeNumberOf(field.Value) is { } whole
        ? new RawJson(Encoding.ASCII.GetBytes(whole.ToString(CultureInfo.InvariantCulture)))
        : field.NameEquals("tool_choice") && ToolChoice.IsRequired(field.Value) ? new RawJson("\"required\""u8.ToArray())
        : RawJson.Of(field.Value);

    // Some providers refuse even a default that they do not know.
    private static bool IsDefault(JsonProperty field) => field.Name switch
    {
        "logprobs" or "store" => field.Value.ValueKind == JsonValueKind.False,
        "modalities" => true, // text, or the request is refused
        "response_format" => field.Value.ValueKind == JsonValueKind.Object
            && field.Value.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("text"),
        "stop" => field.Value.ValueKind == JsonValueKind.Array && field.Value.GetArrayLength() == 0,
        _ => false,
    };

    /// <summary>A whole number of at least 1. -1 is how older clients write that there is no limit.</summary>
    public int? Limit(string name) => Number(name, -1, SamplingFields.MaxMaxTokens) switch
    {
        null or -1 => null,
        var number when number >= 1 && number == Math.Floor(number.Value) => (int)number.Value,
        _ => FailNumber(name, "must be a whole number of at least 1."),
    };

    public double? Number(string name, double least, double most)
    {
        if (!JsonField.TryGet(body, name, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most)
            return number;
        Fail(name, FormattableString.Invariant($"must be a number from {least} to {most}."));
        return null;
    }

    private int? FailNumber(string name, string message)
    {
        Fail(name, message);
        return null;
    }

    private void Fail(string name, string message) => Error ??= JsonField.Error($"$.{name}", $"{name} {message}");
}

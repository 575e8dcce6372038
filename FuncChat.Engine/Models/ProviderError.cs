using System.Globalization;
using System.Text.Json;

namespace FuncChat.Engine.Models;

/// <summary>What a provider reports about a failure, in any of the known shapes.</summary>
internal sealed record ProviderError(string? Message, string? Code, string? Type, int? Status)
{
    public static ProviderError None { get; } = new(null, null, null, null);

    /// <summary>
    /// Reads OpenAI's and Groq's `{"error":{"message":…,"type":…,"code":…}}`, `{"error":"…"}`, an error within an error, Groq's
    /// `x_groq.error`, an error in a choice, Gemini's array around it, and `{"message":…}` or `{"detail":…}` alone, whose value may be an object or
    /// a list of them, each with the place of a field. A text in `error` next to a `message` is only its title. Others write `errors`, `fault` with
    /// `faultstring`, and MiniMax `base_resp` with `status_msg`. Anything else is <see cref="None"/>.
    /// </summary>
    public static ProviderError From(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return From(document.RootElement, depth: 0);
        }
        catch (Exception notJson) when (notJson is JsonException or InvalidOperationException)
        {
            return None;
        }
    }

    /// <summary>Any of code and type is this word.</summary>
    public bool Is(string word) =>
        string.Equals(Code, word, StringComparison.OrdinalIgnoreCase) || string.Equals(Type, word, StringComparison.OrdinalIgnoreCase);

    private static ProviderError From(JsonElement element, int depth)
    {
        if (depth > 6)
            return None;
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return new ProviderError(element.GetString(), null, null, null);
            case JsonValueKind.Array when element.GetArrayLength() > 0:
                return From(element[0], depth + 1);
            case JsonValueKind.Object:
                break;
            default:
                return None;
        }

        var hasTitle = element.TryGetProperty("error", out var title) && title.ValueKind is JsonValueKind.String
            && (!string.IsNullOrWhiteSpace(Word(element, "message")) || (element.TryGetProperty("message", out var list) && list.ValueKind is JsonValueKind.Array));
        foreach (var name in (ReadOnlySpan<string>)["error", "errors", "fault", "base_resp", "x_groq", "choices", "detail", "message", "response"])
        {
            if (name == "error" && hasTitle)
                continue;
            if (element.TryGetProperty(name, out var inner) && !(name == "message" && inner.ValueKind is JsonValueKind.String) && From(inner, depth + 1) is { } report && report != None)
                return name == "base_resp" ? OfMiniMax(report) : report with { Code = report.Code ?? Word(element, "code"), Status = report.Status ?? Number(element) };
        }
        var message = Word(element, "message") ?? WithPlace(element, Word(element, "msg")) ?? Word(element, "faultstring");

        // MiniMax sends a status of 0 with each good answer.
        if (message is null && Word(element, "status_msg") is { } reason && Word(element, "status_code") is not "0")
            message = reason;
        var own = new ProviderError(message, Word(element, "code"), Word(element, "type"), Number(element));
        return own.Message is null && own.Code is null && own.Type is null ? None : own;
    }

    // The HTTP status, or the code, that means what MiniMax's own status does: https://platform.minimax.io/docs/api-reference/errorcode
    private static ProviderError OfMiniMax(ProviderError report) => report.Status switch
    {
        1001 => report with { Status = 504 },
        1002 => report with { Status = 429 },
        1004 or 2049 => report with { Status = 401 },
        1008 => report with { Status = 402 },
        1026 or 1027 => report with { Code = "content_filter" },
        _ => report,
    };

    // FastAPI's validation errors name the field only by its place.
    private static string? WithPlace(JsonElement element, string? message) =>
        message is not null && element.TryGetProperty("loc", out var place) && place.ValueKind is JsonValueKind.Array
            ? $"{string.Join('.', place.EnumerateArray().Select(step => step.ToString()))}: {message}"
            : message;

    private static string? Word(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var value) ? null
        : value.ValueKind is JsonValueKind.String ? value.GetString()
        : value.ValueKind is JsonValueKind.Number ? value.GetRawText()
        : null;

    private static int? Number(JsonElement element)
    {
        foreach (var name in (ReadOnlySpan<string>)["status_code", "status", "code"])
        {
            if (!element.TryGetProperty(name, out var value))
                continue;
            if (value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number))
                return number;

            // Some gateways send the status as a text.
            if (value.ValueKind is JsonValueKind.String && int.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 400 and < 600)
                return status;
        }
        return null;
    }
}

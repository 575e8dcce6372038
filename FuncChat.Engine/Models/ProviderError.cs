using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FuncChat.Engine.Models;

/// <summary>What a provider reports about a failure, in any of the known shapes.</summary>
internal sealed record ProviderError(string? Message, string? Code, string? Type, int? Status)
{
    /// <summary>Google's time to wait, such as `34s`.</summary>
    public string? RetryDelay { get; init; }

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

    /// <summary>The body of a refusal: that of <see cref="From(ReadOnlyMemory{byte})"/>, or plain text.</summary>
    public static ProviderError FromBody(ReadOnlyMemory<byte> body)
    {
        var report = From(body);
        if (report != None)
            return report;
        var text = Encoding.UTF8.GetString(body.Span).Trim();

        // Web pages, JSON without any words, and bytes in another encoding are not for people.
        return text is "" or ['<' or '{' or '[', ..] || text.Contains('\uFFFD', StringComparison.Ordinal) || text.Contains('\0', StringComparison.Ordinal)
            ? None
            : new ProviderError(text, null, null, null);
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
                return OfText(element.GetString()!, depth);
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
                return name == "base_resp" ? OfMiniMax(report) : WithCause(element, report, depth) with { Code = report.Code ?? Word(element, "code"), Status = report.Status ?? Number(element) };
        }
        var message = Word(element, "message") ?? Word(element, "Message") ?? WithPlace(element, Word(element, "msg")) ?? Word(element, "faultstring");

        // MiniMax sends a status of 0 with each good answer.
        if (message is null && Word(element, "status_msg") is { } reason && Word(element, "status_code") is not "0")
            message = reason;
        message ??= FirstOfFields(element) ?? Word(element, "title");
        var own = new ProviderError(message, Word(element, "code"), Word(element, "type"), Number(element)) { RetryDelay = RetryDelayOf(element) };
        if (message is not null && OfText(message, depth) is { Message: var words } within && words != message)
        {
            own = within with
            {
                Code = within.Code ?? own.Code,
                Type = within.Type ?? own.Type,
                Status = within.Status ?? own.Status,
                RetryDelay = within.RetryDelay ?? own.RetryDelay,
            };
        }

        return own.Message is null && own.Code is null && own.Type is null ? None : WithCause(element, own, depth);
    }

    // Gateways pass an error on as text.
    private static ProviderError OfText(string text, int depth)
    {
        if (text.AsSpan().TrimStart() is not ['{', ..] || depth > 6)
            return new ProviderError(text, null, null, null);
        try
        {
            using var document = JsonDocument.Parse(text);
            if (From(document.RootElement, depth + 1) is { Message: not null } report)
                return report;
        }
        catch (JsonException)
        {
            // Text that begins with a brace.
        }

        return new ProviderError(text, null, null, null);
    }

    // OpenRouter reports what its own provider sent next to words that say nothing.
    private static ProviderError WithCause(JsonElement element, ProviderError report, int depth) =>
        element.TryGetProperty("metadata", out var metadata) && metadata.ValueKind is JsonValueKind.Object && Word(metadata, "raw") is { Length: > 0 } raw
        && OfText(raw, depth + 1) is { Message: { } cause } within
            ? report with { Message = $"{report.Message}: {cause}", RetryDelay = report.RetryDelay ?? within.RetryDelay }
            : report;

    private static string? RetryDelayOf(JsonElement element) => element.TryGetProperty("details", out var details) && details.ValueKind is JsonValueKind.Array
        ? details.EnumerateArray().Where(static detail => detail.ValueKind is JsonValueKind.Object).Select(static detail => Word(detail, "retryDelay")).FirstOrDefault(static delay => delay is not null)
        : null;

    // ASP.NET's validation errors: a list of sentences for each field.
    private static string? FirstOfFields(JsonElement element) =>
        element.TryGetProperty("errors", out var fields) && fields.ValueKind is JsonValueKind.Object
        && fields.EnumerateObject().FirstOrDefault(field => field.Value.ValueKind is JsonValueKind.Array && field.Value.GetArrayLength() > 0) is { Value.ValueKind: JsonValueKind.Array } first
        && first.Value[0].ValueKind is JsonValueKind.String
            ? $"{first.Name}: {first.Value[0].GetString()}"
            : null;

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

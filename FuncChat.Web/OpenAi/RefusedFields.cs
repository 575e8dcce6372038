using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Web.Http;

namespace FuncChat.Web.OpenAi;

/// <summary>The fields of OpenAI's chat completions that this server can't honor and without which the answer would not be what the client asked for.</summary>
internal static class RefusedFields
{
    private static readonly (string Name, Func<JsonElement, bool> Refuses, string Message)[] All =
    [
        ("n", value => value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var n) || n != 1, "This server returns one choice: set n to 1."),
        ("audio", _ => true, "This server returns text only: leave audio out."),
        ("modalities", value => value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(each => each.ValueKind != JsonValueKind.String || !each.ValueEquals("text")),
            "This server returns text only: set modalities to [\"text\"]."),
        ("functions", _ => true, "functions is no longer supported: send tools instead."),
        ("function_call", value => !(value.ValueKind == JsonValueKind.String && (value.ValueEquals("none") || value.ValueEquals("auto"))),
            "function_call is no longer supported: send tools and tool_choice instead."),
        ("web_search_options", _ => true, "web_search_options is not supported: offer the tool search_web, as in \"server_tools\": [\"search_web\"]."),
    ];

    public static AppError? FindError(JsonElement body)
    {
        foreach (var (name, refuses, message) in All)
        {
            if (JsonField.TryGet(body, name, out var value) && refuses(value))
                return JsonField.Error($"$.{name}", message);
        }

        return null;
    }
}

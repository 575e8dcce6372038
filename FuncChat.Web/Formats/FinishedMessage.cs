using System.Text.Json;
using FuncChat.Engine;

namespace FuncChat.Web.Formats;

/// <summary>What a complete assistant message has besides what its pieces have shown.</summary>
/// <param name="ProviderData">What the provider wants back with the message.</param>
/// <param name="Calls">The calls of tools, those of the client's tools included.</param>
internal sealed record FinishedMessage(string? Text, string? Refusal, RawJson? ProviderData, IReadOnlyList<FinishedCall> Calls)
{
    /// <summary>The text without the refusal, which is its end.</summary>
    public string TextBeforeRefusal => Text is { } text && Refusal is { } refusal && text.EndsWith(refusal, StringComparison.Ordinal) ? text[..^refusal.Length] : Text ?? "";

    /// <summary>Whether the provider wants more back than the ids of calls that were renamed.</summary>
    public bool HasState
    {
        get
        {
            if (ProviderData is not { } data)
                return false;
            using var document = JsonDocument.Parse(data.Utf8);
            return document.RootElement.TryGetProperty("message", out _)
                || (document.RootElement.TryGetProperty("tool_calls", out var calls) && calls.EnumerateObject().Any(call => call.Value.EnumerateObject().Any(own => own.Name != "id")));
        }
    }

    public static FinishedMessage Of(RawJson message)
    {
        using var document = JsonDocument.Parse(message.Utf8);
        var root = document.RootElement;
        return new FinishedMessage(
            TextOf(root, "content"), TextOf(root, "refusal"), root.TryGetProperty("provider_data", out var data) ? RawJson.Of(data) : null,
            root.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array ? [.. calls.EnumerateArray().Select(FinishedCall.Of)] : []);
    }

    private static string? TextOf(JsonElement message, string name) =>
        message.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <param name="Arguments">A JSON object as text; the model wrote it, so it may be anything.</param>
internal sealed record FinishedCall(string Id, string Name, string Arguments)
{
    public static FinishedCall Of(JsonElement call)
    {
        var function = call.GetProperty("function");
        return new FinishedCall(call.GetProperty("id").GetString()!, function.GetProperty("name").GetString()!, function.GetProperty("arguments").GetString()!);
    }
}

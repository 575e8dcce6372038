using System.Text.Json;
using FuncChat.Engine;

namespace FuncChat.Web.Formats.OpenAiChat;

/// <summary>What a complete assistant message has besides what its pieces have shown.</summary>
internal sealed record FinishedMessage(string? Text, string? Refusal, RawJson? ProviderData)
{
    public static FinishedMessage Of(RawJson message)
    {
        using var document = JsonDocument.Parse(message.Utf8);
        var root = document.RootElement;
        return new FinishedMessage(
            TextOf(root, "content"), TextOf(root, "refusal"), root.TryGetProperty("provider_data", out var data) ? RawJson.Of(data) : null);
    }

    private static string? TextOf(JsonElement message, string name) =>
        message.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

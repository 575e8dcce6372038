using System.Text.Json;
using FuncChat.Web.Http;

namespace FuncChat.Web.UiChat;

/// <summary>Reads the parts of a `UIMessage`, which the client made or received, and which are untrusted.</summary>
internal static class UiMessageParts
{
    private const string ToolPrefix = "tool-";
    private const string DynamicTool = "dynamic-tool";

    /// <summary>The type of a part; null if it has none.</summary>
    public static string? TypeOf(JsonElement part) => JsonField.TextOf(part, "type");

    /// <summary>Whether the part is a tool call.</summary>
    public static bool IsTool(JsonElement part) => TypeOf(part) is { } type && (type == DynamicTool || type.StartsWith(ToolPrefix, StringComparison.Ordinal));

    /// <summary>The name of the tool that the part calls.</summary>
    public static string? ToolNameOf(JsonElement part) => TypeOf(part) == DynamicTool ? JsonField.TextOf(part, "toolName") : TypeOf(part)?[ToolPrefix.Length..];

    /// <summary>What the provider wants back with the message, as this server sent it with a part.</summary>
    public static JsonElement? ProviderDataOf(JsonElement part)
    {
        var name = IsTool(part) ? "callProviderMetadata" : "providerMetadata";
        return part.TryGetProperty(name, out var metadata) && metadata.ValueKind == JsonValueKind.Object
            && metadata.TryGetProperty("funcchat", out var own) && own.ValueKind == JsonValueKind.Object
            && own.TryGetProperty("providerData", out var data) && data.ValueKind == JsonValueKind.Object
                ? data
                : null;
    }

    /// <summary>The result of a tool call as the model reads it; null if the call has none.</summary>
    public static string? ResultOf(JsonElement part) => JsonField.TextOf(part, "state") switch
    {
        "output-available" when part.TryGetProperty("output", out var output) => output.ValueKind == JsonValueKind.String ? output.GetString() : output.GetRawText(),
        "output-available" => "null",
        "output-error" => JsonField.TextOf(part, "errorText") ?? "The tool failed.",
        "output-denied" when part.TryGetProperty("approval", out var approval) && JsonField.TextOf(approval, "reason") is { Length: > 0 } reason =>
            $"The user denied the call, so it did not run. The reason: {reason}",
        "output-denied" => "The user denied the call, so it did not run.",
        _ => null,
    };
}

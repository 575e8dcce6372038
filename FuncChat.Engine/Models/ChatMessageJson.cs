using System.Text.Json;
using Microsoft.Extensions.AI;

namespace FuncChat.Engine.Models;

/// <summary>OpenAI chat messages, as a <see cref="ModelRequest"/> carries them, to those of Microsoft.Extensions.AI.</summary>
internal static class ChatMessageJson
{
    /// <exception cref="NotSupportedException">A part is of a kind that has no counterpart; the message names it.</exception>
    public static ChatMessage Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var message = document.RootElement;
        var role = message.GetProperty("role").GetString()!;
        return new ChatMessage(RoleOf(role), [.. Contents(message, role)]) { AuthorName = Text(message, "name") };
    }

    private static ChatRole RoleOf(string role) => role switch
    {
        "system" or "developer" => ChatRole.System,
        "assistant" => ChatRole.Assistant,
        "tool" => ChatRole.Tool,
        _ => ChatRole.User,
    };

    private static IEnumerable<AIContent> Contents(JsonElement message, string role)
    {
        var hasContent = message.TryGetProperty("content", out var content);
        if (role is "tool")
            return [new FunctionResultContent(Text(message, "tool_call_id") ?? "", hasContent ? JoinText(content) : "")];
        var parts = hasContent ? Parts(content) : [];
        if (Text(message, "refusal") is { Length: > 0 } refusal)
            parts = parts.Append(new TextContent(refusal));
        if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind is JsonValueKind.Array)
            parts = parts.Concat(calls.EnumerateArray().Select(ToolCall));
        return parts;
    }

    private static IEnumerable<AIContent> Parts(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => [new TextContent(content.GetString())],
        JsonValueKind.Array => content.EnumerateArray().Select(Part),
        _ => [],
    };

    private static AIContent Part(JsonElement part) => Text(part, "type") switch
    {
        "text" => new TextContent(Text(part, "text")),
        "refusal" => new TextContent(Text(part, "refusal")),
        "image_url" => Image(Text(part.GetProperty("image_url"), "url") ?? ""),
        "input_audio" => Audio(part.GetProperty("input_audio")),
        var kind => throw new NotSupportedException($"content parts of type {kind}"),
    };

    private static AIContent Image(string url) => url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
        ? new DataContent(url)
        : new UriContent(url, "image/*");

    private static DataContent Audio(JsonElement audio) => new(audio.GetProperty("data").GetBytesFromBase64(), $"audio/{Text(audio, "format")}");

    private static FunctionCallContent ToolCall(JsonElement call)
    {
        var function = call.GetProperty("function");
        return new FunctionCallContent(Text(call, "id") ?? "", Text(function, "name") ?? "", Arguments(Text(function, "arguments")));
    }

    /// <summary>What the model wrote may be no JSON object; it has been told so in the call's result.</summary>
    private static Dictionary<string, object?>? Arguments(string? json)
    {
        try
        {
            return string.IsNullOrWhiteSpace(json) ? null : JsonSerializer.Deserialize<Dictionary<string, object?>>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string JoinText(JsonElement content) => string.Concat(Parts(content).OfType<TextContent>().Select(part => part.Text));

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}

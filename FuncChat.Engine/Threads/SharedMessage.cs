using System.Text.Json;
using FuncChat.Engine.Models;

namespace FuncChat.Engine.Threads;

/// <summary>The part of a message that the readers of a link see. Only known fields are copied, so a new one stays private until it is added here.</summary>
internal static class SharedMessage
{
    /// <summary>Returns the message for a reader; null if nothing of it is shared.</summary>
    public static RawJson? Of(RawJson message, bool withTools)
    {
        using var document = JsonDocument.Parse(message.Utf8);
        var root = document.RootElement;
        var role = MessageJson.Role(root);
        var hasContent = root.TryGetProperty("content"u8, out var content) && HasAny(content);
        var hasCalls = withTools && role == "assistant" && MessageJson.ToolCalls(root).Any();
        var isShared = role switch
        {
            "user" => hasContent,
            "assistant" => hasContent || hasCalls,
            "tool" => withTools && hasContent,
            _ => false,
        };
        if (!isShared)
            return null;

        return new RawJson(ContentParts.Write(writer =>
        {
            writer.WriteString("role"u8, role);
            if (role == "tool")
                Copy(writer, root, "tool_call_id");
            writer.WritePropertyName("content"u8);
            WriteContent(writer, hasContent ? content : default);
            if (hasCalls)
                WriteCalls(writer, root);
        }));
    }

    private static bool HasAny(JsonElement content) =>
        content.ValueKind == JsonValueKind.String ? !content.ValueEquals(""u8) : content.ValueKind == JsonValueKind.Array && content.GetArrayLength() > 0;

    private static void WriteContent(Utf8JsonWriter writer, JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.Undefined)
        {
            writer.WriteNullValue();
            return;
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            content.WriteTo(writer);
            return;
        }

        writer.WriteStartArray();
        foreach (var part in content.EnumerateArray().Where(part => part.ValueKind == JsonValueKind.Object))
        {
            switch (MessageJson.Text(part, "type"))
            {
                case "text" or "refusal":
                    WritePart(writer, part, []);
                    break;
                case "image_url":
                    WriteImage(writer, part);
                    break;
                case "file":
                    WritePart(writer, part, ["filename", "file_data", "file_id"]);
                    break;
            }
        }

        writer.WriteEndArray();
    }

    // An image at an address would tell its host who reads the link, and when. It is shown as text.
    private static void WriteImage(Utf8JsonWriter writer, JsonElement part)
    {
        var url = part.TryGetProperty("image_url"u8, out var image) && image.ValueKind == JsonValueKind.Object ? MessageJson.Text(image, "url") : null;
        if (url?.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase) == true)
        {
            WritePart(writer, part, ["url"]);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, "text"u8);
        writer.WriteString("text"u8, $"[Image: {url}]");
        writer.WriteEndObject();
    }

    // A part has its type and a field of the same name: a text, or an object.
    private static void WritePart(Utf8JsonWriter writer, JsonElement part, ReadOnlySpan<string> fields)
    {
        var type = MessageJson.Text(part, "type")!;
        if (!part.TryGetProperty(type, out var value))
            return;
        writer.WriteStartObject();
        writer.WriteString("type"u8, type);
        if (value.ValueKind == JsonValueKind.String)
        {
            writer.WritePropertyName(type);
            value.WriteTo(writer);
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            writer.WriteStartObject(type);
            foreach (var field in fields)
                Copy(writer, value, field);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteCalls(Utf8JsonWriter writer, JsonElement message)
    {
        writer.WriteStartArray("tool_calls"u8);
        foreach (var call in MessageJson.ToolCalls(message))
        {
            writer.WriteStartObject();
            Copy(writer, call, "id");
            Copy(writer, call, "type");
            if (call.TryGetProperty("function"u8, out var function) && function.ValueKind == JsonValueKind.Object)
            {
                writer.WriteStartObject("function"u8);
                Copy(writer, function, "name");
                Copy(writer, function, "arguments");
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Copy(Utf8JsonWriter writer, JsonElement source, string field)
    {
        if (!source.TryGetProperty(field, out var value) || value.ValueKind != JsonValueKind.String)
            return;
        writer.WritePropertyName(field);
        value.WriteTo(writer);
    }
}

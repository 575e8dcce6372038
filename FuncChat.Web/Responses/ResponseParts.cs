using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Files;
using FuncChat.Web.Http;

namespace FuncChat.Web.Responses;

/// <summary>The parts of an item's content, as parts of chat messages. What they hold is checked later, as in any chat.</summary>
internal static class ResponseParts
{
    public static AppError? FindError(JsonElement parts, string path)
    {
        var place = 0;
        foreach (var part in parts.EnumerateArray())
        {
            if (FindErrorOfPart(part, $"{path}[{place++}]") is { } error)
                return error;
        }

        return null;
    }

    public static void Write(Utf8JsonWriter json, JsonElement parts)
    {
        json.WriteStartArray();
        foreach (var part in parts.EnumerateArray())
        {
            json.WriteStartObject();
            WritePart(json, part);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static AppError? FindErrorOfPart(JsonElement part, string path)
    {
        if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
            return JsonField.Error(path, "A part must be an object with a type, such as {\"type\":\"input_text\",\"text\":\"Hello\"}.");
        return type.GetString() switch
        {
            "input_text" or "output_text" or "text" => Needs(part, "text", path),
            "refusal" => Needs(part, "refusal", path),
            "input_image" or "input_file" when HasFileId(part) => FileKey.IsFileId(part.GetProperty("file_id").GetString())
                ? null
                : JsonField.Error($"{path}.file_id", "There is no such file. Upload it to /api/files, or send it as a data: URL."),
            "input_image" => part.TryGetProperty("image_url", out var url) && url.ValueKind == JsonValueKind.String
                ? FieldRules.FindError(part, path, [new Field("detail", FieldRules.AnyText)])
                : JsonField.Error($"{path}.image_url", "An image must have an http, https or data:image URL, or the file_id of an uploaded file."),
            "input_file" => part.TryGetProperty("file_data", out var data) && data.ValueKind == JsonValueKind.String
                ? null
                : JsonField.Error($"{path}.file_data", "A file must have its content as a data: URL, such as data:application/pdf;base64,…, or the file_id of an uploaded file."),
            "input_audio" => part.TryGetProperty("input_audio", out var audio) && audio.ValueKind == JsonValueKind.Object
                ? null
                : JsonField.Error($"{path}.input_audio", "Audio must have data in base64 and a format, such as wav."),
            _ => JsonField.Error($"{path}.type", "The type must be one of: input_text, input_image, input_file, input_audio, output_text, refusal."),
        };
    }

    private static AppError? Needs(JsonElement part, string name, string path) =>
        part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? null : JsonField.Error($"{path}.{name}", $"The {name} is missing.");

    private static bool HasFileId(JsonElement part) => part.TryGetProperty("file_id", out var id) && id.ValueKind == JsonValueKind.String;

    private static void WritePart(Utf8JsonWriter json, JsonElement part)
    {
        switch (part.GetProperty("type").GetString())
        {
            case "refusal":
                json.WriteString("type"u8, "refusal"u8);
                Copy(json, part, "refusal");
                break;
            case "input_image" or "input_file" when HasFileId(part):
                json.WriteString("type"u8, "file"u8);
                json.WriteStartObject("file"u8);
                Copy(json, part, "file_id");

                // Marks the reference as one to an image: the file itself has its type elsewhere.
                if (part.GetProperty("type").ValueEquals("input_image"))
                    json.WriteString("detail"u8, part.TryGetProperty("detail", out var size) && size.ValueKind == JsonValueKind.String ? size.GetString() : "auto");
                json.WriteEndObject();
                break;
            case "input_image":
                json.WriteString("type"u8, "image_url"u8);
                json.WriteStartObject("image_url"u8);
                Copy(json, part, "image_url", "url");
                if (part.TryGetProperty("detail", out var detail) && detail.ValueKind == JsonValueKind.String && !detail.ValueEquals("original"))
                    Copy(json, part, "detail");
                json.WriteEndObject();
                break;
            case "input_file":
                json.WriteString("type"u8, "file"u8);
                json.WriteStartObject("file"u8);
                Copy(json, part, "file_data");
                Copy(json, part, "filename");
                json.WriteEndObject();
                break;
            case "input_audio":
                json.WriteString("type"u8, "input_audio"u8);
                Copy(json, part, "input_audio");
                break;
            default:
                json.WriteString("type"u8, "text"u8);
                Copy(json, part, "text");
                break;
        }
    }

    private static void Copy(Utf8JsonWriter json, JsonElement part, string name, string? newName = null)
    {
        if (!part.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return;
        json.WritePropertyName(newName ?? name);
        value.WriteTo(json);
    }
}

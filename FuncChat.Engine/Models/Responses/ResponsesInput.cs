using System.Text.Json;
using FuncChat.Engine.Models.Http;
using FuncChat.Tools;

namespace FuncChat.Engine.Models.Responses;

/// <summary>Writes a conversation as the input items of the Responses API.</summary>
internal sealed class ResponsesInput
{
    private readonly SentCallIds _ids = new();
    private readonly JsonBody _body;
    private readonly string _provider;
    private readonly string _model;

    private ResponsesInput(JsonBody body, string provider, string model)
    {
        _body = body;
        _provider = provider;
        _model = model;
    }

    private Utf8JsonWriter Json => _body.Json;

    public static void Write(JsonBody body, ModelRequest request, string provider)
    {
        var input = new ResponsesInput(body, provider, request.Model);
        foreach (var message in request.Messages)
        {
            using var document = JsonDocument.Parse(LoneSurrogates.Replace(message));
            input.Write(document.RootElement);
        }
    }

    private void Write(JsonElement message)
    {
        switch (MessageJson.Role(message))
        {
            case "assistant":
                WriteAssistant(message);
                break;
            case "tool":
                WriteResult(message);
                break;
            case var role:
                WriteOther(message, role);
                break;
        }
    }

    private void WriteOther(JsonElement message, string role)
    {
        var content = message.GetProperty("content");
        Json.WriteStartObject();
        Json.WriteString("type"u8, "message"u8);
        Json.WriteString("role"u8, role);
        if (content.ValueKind is JsonValueKind.String)
        {
            _body.WriteRaw("content", content);
        }
        else
        {
            Json.WriteStartArray("content"u8);
            foreach (var part in content.EnumerateArray())
                WritePart(part);
            Json.WriteEndArray();
        }

        Json.WriteEndObject();
    }

    private void WritePart(JsonElement part)
    {
        Json.WriteStartObject();
        switch (MessageJson.Text(part, "type"))
        {
            case "text" or "refusal":
                Json.WriteString("type"u8, "input_text"u8);
                Json.WriteString("text"u8, MessageJson.Text(part, "text") ?? MessageJson.Text(part, "refusal"));
                break;
            case "image_url":
                var image = part.GetProperty("image_url");
                Json.WriteString("type"u8, "input_image"u8);
                _body.WriteRaw("image_url", image.GetProperty("url"));
                Json.WriteString("detail"u8, MessageJson.Text(image, "detail") ?? "auto");
                break;
            case "file":
                var file = part.GetProperty("file");
                Json.WriteString("type"u8, "input_file"u8);
                Json.WriteString("filename"u8, MessageJson.Text(file, "filename") ?? "file.pdf");
                _body.WriteRaw("file_data", file.GetProperty("file_data"));
                break;
            case var type:
                throw UnsupportedOptions.Part(_provider, type);
        }

        Json.WriteEndObject();
    }

    private void WriteResult(JsonElement message)
    {
        var id = MessageJson.Text(message, "tool_call_id") ?? "";
        Json.WriteStartObject();
        Json.WriteString("type"u8, "function_call_output"u8);
        Json.WriteString("call_id"u8, _ids.Of(id));
        Json.WriteString("output"u8, MessageJson.JoinText(message));
        Json.WriteEndObject();
    }

    // Reasoning comes before what it led to: the items of an answer go back in their order. The API refuses reasoning that led to nothing.
    private void WriteAssistant(JsonElement message)
    {
        var text = MessageJson.JoinText(message);
        var state = ProviderData.Of(message, _provider, _model);
        var calls = new Queue<JsonElement>(MessageJson.ToolCalls(message));
        var items = state?.Items() ?? [];
        var lastMessage = items.Count(item => MessageJson.Text(item, "type") == "message");
        var reasoning = new List<JsonElement>();
        var place = 0;
        var written = 0;
        for (var index = 0; index < items.Count; index++)
        {
            var item = items[index];
            switch (MessageJson.Text(item, "type"))
            {
                case "reasoning" when CanGoBack(item):
                    reasoning.Add(item);
                    break;
                case "message":
                    if (IsSeparated(item) && text.AsSpan(place).StartsWith("\n\n", StringComparison.Ordinal))
                        place += 2;
                    var piece = MessageJson.Piece(text, place, ++written == lastMessage ? text.Length : LengthOf(item));
                    WriteText(piece, MessageJson.Text(item, "phase"), reasoning);
                    place += piece.Length;
                    break;
                case "function_call" when calls.TryDequeue(out var call):
                    WriteCall(call, state, reasoning);
                    break;
            }
        }

        if (written == 0)
            WriteText(text, phase: null, reasoning);
        foreach (var call in calls)
            WriteCall(call, state, reasoning);
    }

    // Nothing is stored at the provider: an item without its content can't be found there.
    private static bool CanGoBack(JsonElement reasoning) =>
        MessageJson.Text(reasoning, "encrypted_content") is { Length: > 0 }
        || (reasoning.TryGetProperty("content", out var content) && content.ValueKind is JsonValueKind.Array && content.GetArrayLength() > 0);

    private void Write(List<JsonElement> reasoning)
    {
        reasoning.ForEach(item => _body.WriteRaw(item));
        reasoning.Clear();
    }

    // The reader separates the texts of two messages.
    private static bool IsSeparated(JsonElement item) => item.TryGetProperty("separated", out var value) && value.ValueKind is JsonValueKind.True;

    private static int LengthOf(JsonElement item) =>
        item.TryGetProperty("length", out var length) && length.TryGetInt32(out var value) && value >= 0 ? value : 0;

    private void WriteText(string text, string? phase, List<JsonElement> reasoning)
    {
        if (text.Length == 0)
            return;
        Write(reasoning);
        Json.WriteStartObject();
        Json.WriteString("type"u8, "message"u8);
        Json.WriteString("role"u8, "assistant"u8);
        Json.WriteStartArray("content"u8);
        Json.WriteStartObject();
        Json.WriteString("type"u8, "output_text"u8);
        Json.WriteString("text"u8, text);
        Json.WriteEndObject();
        Json.WriteEndArray();
        if (phase is not null)
            Json.WriteString("phase"u8, phase);
        Json.WriteEndObject();
    }

    private void WriteCall(JsonElement call, ProviderData? state, List<JsonElement> reasoning)
    {
        Write(reasoning);
        var id = MessageJson.Text(call, "id") ?? "";
        var function = call.GetProperty("function");
        Json.WriteStartObject();
        Json.WriteString("type"u8, "function_call"u8);
        Json.WriteString("call_id"u8, _ids.Add(id, MessageJson.Text(state?.ToolCall(id) ?? default, "id")));
        Json.WriteString("name"u8, ToolCallText.CleanName(MessageJson.Text(function, "name") ?? "", static _ => false));
        Json.WriteString("arguments"u8, ToolCallText.ToObjectOrEmpty(MessageJson.Text(function, "arguments")));
        Json.WriteEndObject();
    }
}

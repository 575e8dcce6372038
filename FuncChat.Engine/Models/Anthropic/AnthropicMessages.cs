using System.Text;
using System.Text.Json;
using FuncChat.Engine.Models.Http;
using FuncChat.Tools;

namespace FuncChat.Engine.Models.Anthropic;

/// <summary>
/// Writes a conversation as the Messages API wants it: instructions apart, the roles in turns, results of tools first, and the thoughts of an answer
/// before what they led to.
/// </summary>
internal sealed class AnthropicMessages
{
    // The API refuses text without a letter, and a message without content.
    private const string EmptyMessage = "(empty message)";

    // The API refuses a conversation that begins with an answer. LiteLLM, too, puts a period before it:
    // https://github.com/BerriAI/litellm/blob/main/litellm/litellm_core_utils/prompt_templates/factory.py (anthropic_messages_pt)
    private const string NoQuestion = ".";

    private readonly SentCallIds _ids = new();
    private readonly JsonBody _body;
    private readonly string _provider;
    private readonly string _model;
    private string? _role;
    private bool _hasMessages;
    private bool? _isCacheable;

    private AnthropicMessages(JsonBody body, string provider, string model)
    {
        _body = body;
        _provider = provider;
        _model = model;
    }

    private Utf8JsonWriter Json => _body.Json;

    public static void Write(JsonBody body, ModelRequest request, string provider)
    {
        var documents = request.Messages.Select(message => JsonDocument.Parse(LoneSurrogates.Replace(message))).ToList();
        try
        {
            new AnthropicMessages(body, provider, request.Model).Write([.. documents.Select(document => document.RootElement)]);
        }
        finally
        {
            documents.ForEach(static document => document.Dispose());
        }
    }

    private static bool IsInstruction(JsonElement message) => MessageJson.Role(message) is "system" or "developer";

    private void Write(List<JsonElement> messages)
    {
        WriteInstructions(messages.Where(IsInstruction).Select(MessageJson.JoinText).Where(text => !string.IsNullOrWhiteSpace(text)).ToList());
        var others = messages.Where(message => !IsInstruction(message)).ToList();
        Json.WriteStartArray("messages"u8);
        for (var place = 0; place < others.Count; place++)
            Write(others[place], isLast: place == others.Count - 1);
        Close();
        Json.WriteEndArray();
    }

    // Cached up to here, and up to the last message: in a tool loop, and in a chat, most of the request is what the one before had.
    private void WriteInstructions(List<string> texts)
    {
        if (texts.Count == 0)
            return;
        Json.WriteStartArray("system"u8);
        for (var place = 0; place < texts.Count; place++)
            WriteText(texts[place], isCached: place == texts.Count - 1);
        Json.WriteEndArray();
    }

    private void Write(JsonElement message, bool isLast)
    {
        switch (MessageJson.Role(message))
        {
            case "assistant":
                WriteAssistant(message, isLast);
                break;
            case "tool":
                Open("user");
                WriteResult(message, isLast);
                break;
            default:
                Open("user");
                WriteUser(message.GetProperty("content"), isLast);
                break;
        }
    }

    private void Open(string role)
    {
        if (_role == role)
            return;
        if (role == "assistant" && !_hasMessages)
        {
            Open("user");
            WriteText(NoQuestion, isCached: false);
        }

        Close();
        _role = role;
        _hasMessages = true;
        Json.WriteStartObject();
        Json.WriteString("role"u8, role);
        Json.WriteStartArray("content"u8);
    }

    private void Close()
    {
        if (_role is null)
            return;
        _role = null;
        Json.WriteEndArray();
        Json.WriteEndObject();
    }

    private void WriteUser(JsonElement content, bool isLast)
    {
        if (content.ValueKind is JsonValueKind.String)
        {
            var text = content.GetString();
            WriteText(string.IsNullOrWhiteSpace(text) ? EmptyMessage : text, isLast);
            return;
        }

        var parts = content.EnumerateArray().Where(HasContent).ToList();
        if (parts.Count == 0)
            WriteText(EmptyMessage, isLast);
        for (var place = 0; place < parts.Count; place++)
            WritePart(parts[place], isLast && place == parts.Count - 1);
    }

    private static bool HasContent(JsonElement part) =>
        MessageJson.Text(part, "type") is not ("text" or "refusal") || !string.IsNullOrWhiteSpace(TextOf(part));

    private static string? TextOf(JsonElement part) => MessageJson.Text(part, "text") ?? MessageJson.Text(part, "refusal");

    private void WritePart(JsonElement part, bool isCached)
    {
        switch (MessageJson.Text(part, "type"))
        {
            case "text" or "refusal":
                WriteText(TextOf(part)!, isCached);
                break;
            case "image_url":
                WriteSource("image", MessageJson.Text(part.GetProperty("image_url"), "url") ?? "", title: null);
                break;
            case "file":
                var file = part.GetProperty("file");
                WriteSource("document", MessageJson.Text(file, "file_data") ?? "", MessageJson.Text(file, "filename"));
                break;
            case var type:
                throw UnsupportedOptions.Part(_provider, type);
        }
    }

    private void WriteSource(string type, string url, string? title)
    {
        Json.WriteStartObject();
        Json.WriteString("type"u8, type);
        Json.WriteStartObject("source"u8);
        if (DataUrl.TryParse(url) is not { } data)
        {
            Json.WriteString("type"u8, "url"u8);
            Json.WriteString("url"u8, url);
        }
        else if (type == "document" && data.MediaType.StartsWith("text/", StringComparison.Ordinal))
        {
            Json.WriteString("type"u8, "text"u8);
            Json.WriteString("media_type"u8, "text/plain"u8);
            Json.WriteString("data"u8, TextOf(data));
        }
        else
        {
            Json.WriteString("type"u8, "base64"u8);
            Json.WriteString("media_type"u8, data.MediaType);
            Json.WriteString("data"u8, data.Base64);
        }

        Json.WriteEndObject();
        if (title is not null)
            Json.WriteString("title"u8, title);
        Json.WriteEndObject();
    }

    private string TextOf(DataUrl data)
    {
        var bytes = new byte[(data.Base64.Length * 3 / 4) + 3];
        return Convert.TryFromBase64String(data.Base64, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : throw UnsupportedOptions.Part(_provider, "file that is not base64");
    }

    private void WriteResult(JsonElement message, bool isCached)
    {
        var id = MessageJson.Text(message, "tool_call_id") ?? "";
        Json.WriteStartObject();
        Json.WriteString("type"u8, "tool_result"u8);
        Json.WriteString("tool_use_id"u8, _ids.Of(id));
        Json.WriteString("content"u8, MessageJson.JoinText(message));
        WriteCache(isCached);
        Json.WriteEndObject();
    }

    private void WriteAssistant(JsonElement message, bool isLast)
    {
        var text = MessageJson.JoinText(message);
        var calls = new Queue<JsonElement>(MessageJson.ToolCalls(message));

        // The API refuses an answer that it is to continue and that ends in white space, and one that is empty.
        text = isLast && calls.Count == 0 ? text.TrimEnd() : text;
        if (string.IsNullOrWhiteSpace(text) && calls.Count == 0)
            return;
        Open("assistant");
        var items = ProviderData.Of(message, _provider, _model)?.Items() ?? [];
        var textsLeft = items.Count(item => MessageJson.Text(item, "type") == "text");
        var thoughts = new List<JsonElement>();
        var place = 0;
        foreach (var item in items)
        {
            switch (MessageJson.Text(item, "type"))
            {
                case "thinking" or "redacted_thinking":
                    thoughts.Add(item);
                    break;
                case "text":
                    WritePiece(--textsLeft == 0 ? null : LengthOf(item));
                    break;
                case "tool_use" when calls.Count > 0:
                    if (textsLeft == 0)
                        WritePiece(null);
                    WriteThoughts();
                    WriteCall(calls.Dequeue());
                    break;
            }
        }

        WritePiece(null);
        while (calls.TryDequeue(out var call))
        {
            WriteThoughts();
            WriteCall(call);
        }

        // All that is left of the text, where the piece's length is unknown.
        void WritePiece(int? length)
        {
            var piece = MessageJson.Piece(text, place, length ?? text.Length);
            place += piece.Length;
            if (string.IsNullOrWhiteSpace(piece))
                return;
            WriteThoughts();
            WriteText(piece, isCached: false);
        }

        // The API refuses thoughts at the end of an answer: those of an answer that was cut.
        void WriteThoughts()
        {
            thoughts.ForEach(item => _body.WriteRaw(item));
            thoughts.Clear();
        }
    }

    // Answers of earlier versions have none.
    private static int? LengthOf(JsonElement item) =>
        item.TryGetProperty("length", out var length) && length.ValueKind is JsonValueKind.Number && length.TryGetInt32(out var value) && value >= 0 ? value : null;

    private void WriteCall(JsonElement call)
    {
        var id = MessageJson.Text(call, "id") ?? "";
        var function = call.GetProperty("function");
        Json.WriteStartObject();
        Json.WriteString("type"u8, "tool_use"u8);
        Json.WriteString("id"u8, _ids.Add(id));
        Json.WriteString("name"u8, ToolCallText.CleanName(MessageJson.Text(function, "name") ?? "", static _ => false));
        Json.WritePropertyName("input"u8);
        Json.WriteRawValue(ToolCallText.ToObjectOrEmpty(MessageJson.Text(function, "arguments")));
        Json.WriteEndObject();
    }

    private void WriteText(string text, bool isCached)
    {
        Json.WriteStartObject();
        Json.WriteString("type"u8, "text"u8);
        Json.WriteString("text"u8, text);
        WriteCache(isCached);
        Json.WriteEndObject();
    }

    private void WriteCache(bool isCached)
    {
        if (!isCached || !(_isCacheable ??= _body.MaySend(RefusedFields.CacheControl)))
            return;
        Json.WriteStartObject("cache_control"u8);
        Json.WriteString("type"u8, "ephemeral"u8);
        Json.WriteEndObject();
    }
}

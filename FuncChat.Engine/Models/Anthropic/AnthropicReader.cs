using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Engine.Models.Http;
using FuncChat.Tools;

namespace FuncChat.Engine.Models.Anthropic;

/// <summary>Reads the events of a streamed message, or a whole message.</summary>
internal sealed class AnthropicReader(ProviderErrorMapper failures) : EventStreamReader(failures)
{
    private readonly ChunkTemplate _shape = new();
    private readonly ArrayBufferWriter<byte> _thinking = new();
    private readonly Dictionary<int, Call> _calls = [];
    private readonly JsonArray _items = [];
    private readonly StringBuilder _signature = new();
    private readonly ThinkTags _thoughts = new();
    private readonly AnswerSources _sources = new();
    private JsonObject? _block;
    private JsonElement _whole;
    private int _textLength;
    private Call? _openCall;
    private AnthropicUsage _usage;
    private int _callCount;
    private readonly StateBudget _budget = new(8 * 1024 * 1024);
    private string? _model;
    private string? _finish;

    protected override List<ModelChunk> Found { get; } = [];

    // Pieces of one block differ in their text alone.
    protected override bool TryReadFast(ReadOnlyMemory<byte> data, out ModelChunk chunk)
    {
        if (!_shape.TryMatch(data.Span, out var text))
        {
            chunk = default;
            return false;
        }

        chunk = ToChunk(_shape.Kind, data.Slice(text.Start, text.Length));
        return true;
    }

    protected override bool TryParse(ReadOnlyMemory<byte> data)
    {
        Found.Clear();
        using var document = JsonDocument.Parse(data);
        var root = document.RootElement;
        switch (MessageJson.Text(root, "type"))
        {
            case "message_start" when root.TryGetProperty("message", out var message):
                _model = MessageJson.Text(message, "model");
                _usage = _usage.With(message);
                _whole = message.Clone();
                break;
            case "content_block_start" when root.TryGetProperty("content_block", out var block):
                Start(IndexOf(root), block);
                break;
            case "content_block_delta" when root.TryGetProperty("delta", out var delta):
                Add(IndexOf(root), delta, data);
                break;
            case "content_block_stop":
                Stop();
                break;
            case "message_delta":
                _usage = _usage.With(root);
                return !root.TryGetProperty("delta", out var end) || TryFinish(end);
            case "message_stop":
                var isFine = _finish is not null || TryFinish(_whole);
                Close();
                IsDone = true;
                return isFine;
            case "message":
                return TryReadWhole(root);
            case "error":
                return false;
            case null when root.ValueKind is JsonValueKind.Object && root.TryGetProperty("error", out var error):
                // As gateways send it.
                return ErrorField.IsEmpty(error);
            case null when root.ValueKind is not JsonValueKind.Object:
                throw new JsonException("An event of a message is not an object.");
        }

        return true;
    }

    protected override void Finish()
    {
        if (_finish is null)
            throw Failures.BrokenOff();
        Close();
        if (_sources.ToChunk() is { } sources)
            Found.Add(sources);
        if (!IsInUsualOrder())
            Found.Add(ModelChunk.OfState(ModelState.OfItems(_items)));
        if (_usage.ToUsage() is { } usage)
            Found.Add(ModelChunk.OfUsage(usage));
        Found.Add(ModelChunk.OfFinish(_finish, _model));
    }

    // One text and then the calls: as a message has them anyway.
    private bool IsInUsualOrder() => _items.Index().All(static item => (string?)item.Item!["type"] is "tool_use" || (item.Index == 0 && (string?)item.Item["type"] is "text"));

    private static int IndexOf(JsonElement element) => element.TryGetProperty("index", out var index) && index.TryGetInt32(out var value) ? value : 0;

    private ModelChunk ToChunk(ModelChunkKind kind, ReadOnlyMemory<byte> escapedText)
    {
        if (kind is ModelChunkKind.Text)
        {
            var chunk = ModelChunk.OfText(escapedText);
            CountText(chunk);
            return chunk;
        }

        _budget.Add(escapedText.Length);
        _thinking.Write(escapedText.Span);
        return ModelChunk.OfReasoning(escapedText);
    }

    // Thoughts that are between tags do not become a part of the message's text.
    private void CountText(ModelChunk chunk)
    {
        if (_thoughts.IsOver)
        {
            _textLength += chunk.Kind is ModelChunkKind.Text ? JsonStringBytes.LengthOfText(chunk.EscapedText.Span) : 0;
            return;
        }

        foreach (var piece in _thoughts.Split(chunk))
        {
            if (piece.Kind is ModelChunkKind.Text)
                _textLength += JsonStringBytes.LengthOfText(piece.EscapedText.Span);
        }
    }

    // Some gateways do not stream.
    private bool TryReadWhole(JsonElement message)
    {
        _model = MessageJson.Text(message, "model");
        _usage = _usage.With(message);
        StartAll(message);
        Stop();
        IsDone = true;
        return TryFinish(message);
    }

    private bool TryFinish(JsonElement element)
    {
        if (MessageJson.Text(element, "stop_reason") is not { } word || FinishReason.From(word) is not { } reason)
            return true;
        if (reason is FinishReason.Error)
            return false;
        _finish = reason;
        HasFinish = FinishReason.IsKnown(reason);
        return true;
    }

    // Without any block, the message may have come whole at its start.
    private void Close()
    {
        if (_items.Count == 0 && _block is null && _whole.ValueKind is JsonValueKind.Object)
            StartAll(_whole);
        Stop();
    }

    private void StartAll(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content) || content.ValueKind is not JsonValueKind.Array)
            return;
        foreach (var (place, block) in content.EnumerateArray().Index())
            Start(place, block);
    }

    private void Start(int index, JsonElement block)
    {
        Stop();
        switch (MessageJson.Text(block, "type"))
        {
            case "text":
                _block = new JsonObject { ["type"] = "text" };
                AddText(ModelChunkKind.Text, MessageJson.Text(block, "text"));
                if (block.TryGetProperty("citations", out var citations) && citations.ValueKind is JsonValueKind.Array)
                {
                    foreach (var citation in citations.EnumerateArray())
                        AddSource(citation);
                }

                break;
            case "thinking":
                _block = new JsonObject { ["type"] = "thinking", ["thinking"] = "", ["signature"] = "" };
                _signature.Append(MessageJson.Text(block, "signature"));
                AddText(ModelChunkKind.Reasoning, MessageJson.Text(block, "thinking"));
                break;
            case "redacted_thinking":
                _budget.Add(block.GetRawText().Length);
                _block = StateJson.Of(block)!.AsObject();
                break;
            case "tool_use":
                _block = new JsonObject { ["type"] = "tool_use" };
                var call = _openCall = _calls[index] = new Call(_callCount++) { Input = InputOf(block) };
                Found.Add(ModelChunk.OfToolCall(new ToolCallPiece(call.Index, MessageJson.Text(block, "id"), MessageJson.Text(block, "name"), null)));
                break;
        }
    }

    // A call that comes whole has its input at once; a streamed one has an empty object there.
    private static string? InputOf(JsonElement block) =>
        block.TryGetProperty("input", out var input) && input.ValueKind is JsonValueKind.Object && input.EnumerateObject().Any() ? input.GetRawText() : null;

    private void Add(int index, JsonElement delta, ReadOnlyMemory<byte> data)
    {
        switch (MessageJson.Text(delta, "type"))
        {
            case "text_delta":
                AddText(ModelChunkKind.Text, "text", data);
                break;
            case "thinking_delta":
                AddText(ModelChunkKind.Reasoning, "thinking", data);
                break;
            case "citations_delta" when delta.TryGetProperty("citation", out var citation):
                AddSource(citation);
                break;
            case "signature_delta" when _block is not null:
                var signature = MessageJson.Text(delta, "signature") ?? "";
                _budget.Add(signature.Length);
                _signature.Append(signature);
                break;
            case "input_json_delta" when _calls.TryGetValue(index, out var call) && MessageJson.Text(delta, "partial_json") is { Length: > 0 } json:
                call.Input = null;
                Found.Add(ModelChunk.OfToolCall(new ToolCallPiece(call.Index, null, null, json)));
                break;
        }
    }

    // A result of a search of the web has a `url`, and one of a client's own search a `source`. Those of documents have neither.
    private void AddSource(JsonElement citation) =>
        _sources.Add(MessageJson.Text(citation, "url") ?? MessageJson.Text(citation, "source"), MessageJson.Text(citation, "title"));

    private void AddText(ModelChunkKind kind, string? text)
    {
        if (text is { Length: > 0 })
            Found.Add(ToChunk(kind, EscapedText.From(text)));
    }

    // The text stays in the event's bytes, and its place there teaches the template.
    private void AddText(ModelChunkKind kind, string field, ReadOnlyMemory<byte> data)
    {
        var reader = new Utf8JsonReader(data.Span);
        while (reader.Read())
        {
            if (reader.TokenType is not JsonTokenType.PropertyName || reader.CurrentDepth != 2 || !reader.ValueTextEquals(field))
                continue;
            reader.Read();
            if (reader.TokenType is not JsonTokenType.String || reader.ValueSpan.IsEmpty)
                return;
            var range = JsonStringRange.Of(ref reader);
            Found.Add(ToChunk(kind, JsonStringBytes.ToValidUtf8(data.Slice(range.Start, range.Length))));
            _shape.Learn(data.Span, kind, range, padding: null);
            return;
        }
    }

    private void Stop()
    {
        if (_block is null)
            return;
        if (_thinking.WrittenCount > 0)
            _block["thinking"] = JsonStringBytes.Unescape(LoneSurrogates.Replace(_thinking.WrittenMemory).Span);
        _thinking.ResetWrittenCount();
        if (_signature.Length > 0)
            _block["signature"] = _signature.ToString();
        _signature.Clear();
        if ((string?)_block["type"] == "text")
        {
            // It ends thoughts that are not closed.
            CountText(ModelChunk.OfReasoning(default));
            _block["length"] = _textLength;
        }

        _textLength = 0;
        if (_openCall is { Input: { } input } call)
            Found.Add(ModelChunk.OfToolCall(new ToolCallPiece(call.Index, null, null, input)));
        _openCall = null;
        _budget.Add(32);
        _items.Add(_block);
        _block = null;
    }

    private sealed class Call(int index)
    {
        public int Index { get; } = index;

        public string? Input { get; set; }
    }
}

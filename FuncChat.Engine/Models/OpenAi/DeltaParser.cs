using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>
/// Reads a `delta`, or a whole `message`: text, reasoning and tool calls in every form that providers send them in.
/// </summary>
internal sealed class DeltaParser
{
    private readonly ToolCallAssembler _toolCalls = new();
    private ReadOnlyMemory<byte> _json;
    private JsonStringRange _text;
    private bool _hasOther;
    private bool _hasText;
    private bool _hasReasoning;
    private bool _hasDetails;
    private bool _isSnapshot;
    private readonly Snapshots _textSoFar = new();
    private readonly Snapshots _reasoningSoFar = new();
    private readonly Snapshots _refusalSoFar = new();
    private readonly StateBudget _budget = new(4 * 1024 * 1024);

    /// <summary>What the chunk holds; the caller adds what it finds outside of the delta.</summary>
    public List<ModelChunk> Found { get; } = [];

    /// <summary>What goes back to the provider with this answer.</summary>
    public AnswerState State { get; } = new();

    /// <summary>The sources of the answer so far.</summary>
    public AnswerSources Sources { get; } = new();

    public bool HasToolCalls => !_toolCalls.IsEmpty;

    /// <summary>Any delta held text, reasoning or a tool call.</summary>
    public bool HasContent => _hasText || _hasReasoning || HasToolCalls;

    /// <summary>Any delta held an image, audio, or a part of an unknown kind.</summary>
    public bool HasUnknown { get; private set; }

    /// <summary>The position of the text when one piece of text is all that was found.</summary>
    public JsonStringRange? OnlyText =>
        Found is [{ Kind: ModelChunkKind.Text or ModelChunkKind.Reasoning }] && !_hasOther ? _text : null;

    /// <summary>Begins the next chunk.</summary>
    public void Begin(ReadOnlyMemory<byte> json)
    {
        _json = json;
        _hasOther = false;
        Found.Clear();
    }

    /// <summary>Reads the value that comes next; false when it is no object.</summary>
    public bool TryRead(ref Utf8JsonReader reader, MessageKind kind = MessageKind.Delta)
    {
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }

        // Some providers send the same reasoning under both names, and again in its details.
        _isSnapshot = kind is MessageKind.Snapshot;
        _hasOther |= _isSnapshot;
        var hasReasoning = kind is MessageKind.AfterDeltas && _hasReasoning;
        var isTextKnown = kind is MessageKind.AfterDeltas && _hasText;
        var areCallsKnown = kind is not MessageKind.Delta && HasToolCalls;
        var areDetailsKnown = hasReasoning || (kind is not MessageKind.Delta && _hasDetails);
        JsonArray? details = null;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (!isTextKnown && reader.ValueTextEquals("content"u8))
                ReadContent(ref reader, ModelChunkKind.Text);
            else if (!isTextKnown && reader.ValueTextEquals("refusal"u8))
                ReadContent(ref reader, ModelChunkKind.Refusal);
            else if (!hasReasoning && reader.ValueTextEquals("reasoning_content"u8))
                hasReasoning = ReadReasoning(ref reader, "reasoning_content");
            else if (!hasReasoning && reader.ValueTextEquals("reasoning"u8))
                hasReasoning = ReadReasoning(ref reader, "reasoning");
            else if (!hasReasoning && (reader.ValueTextEquals("thinking"u8) || reader.ValueTextEquals("reasoning_text"u8)))
                hasReasoning = ReadContent(ref reader, ModelChunkKind.Reasoning);
            else if (!areDetailsKnown && reader.ValueTextEquals("reasoning_details"u8))
                details = ReadParts(ref reader, "reasoning_details");
            else if (!areDetailsKnown && reader.ValueTextEquals("thinking_blocks"u8))
                ReadParts(ref reader, "thinking_blocks");
            else if (reader.ValueTextEquals("extra_content"u8))
                ReadExtra(ref reader, "extra_content");
            else if (!areCallsKnown && reader.ValueTextEquals("tool_calls"u8))
                ReadToolCalls(ref reader);
            else if (!areCallsKnown && reader.ValueTextEquals("function_call"u8))
                ReadFunctionCall(ref reader);
            else if (reader.ValueTextEquals("annotations"u8))
                ReadAnnotations(ref reader);
            else if (reader.ValueTextEquals("images"u8) || reader.ValueTextEquals("audio"u8))
                SkipUnknown(ref reader);
            else
                reader.Skip();
        }

        if (!hasReasoning && details is not null)
            ShowDetails(details);
        _hasReasoning |= Found.Exists(static chunk => chunk.Kind is ModelChunkKind.Reasoning);
        _hasText |= Found.Exists(static chunk => chunk.Kind is ModelChunkKind.Text or ModelChunkKind.Refusal);
        return true;
    }

    /// <summary>Reads the text of a choice that has no delta; false when it is none.</summary>
    public bool TryReadText(ref Utf8JsonReader reader)
    {
        _isSnapshot = false;
        reader.Read();
        var isText = reader.TokenType is JsonTokenType.String;
        _hasText |= isText && TryAddText(ref reader, ModelChunkKind.Text);
        return isText;
    }

    private bool ReadReasoning(ref Utf8JsonReader reader, string field)
    {
        if (!ReadContent(ref reader, ModelChunkKind.Reasoning))
            return false;
        State.ReasoningField ??= field;
        return true;
    }

    /// <summary>A string, or an array of strings or of parts such as `{"type":"text","text":"…"}`; anything else is no content.</summary>
    private bool ReadContent(ref Utf8JsonReader reader, ModelChunkKind kind)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.String)
            return TryAddText(ref reader, kind);

        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            reader.Skip();
            return false;
        }

        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType is JsonTokenType.StartObject)
                ReadPart(ref reader, kind);
            else if (reader.TokenType is JsonTokenType.String && reader.CurrentDepth == depth + 1)
                TryAddText(ref reader, kind);
        }
        return true;
    }

    private void ReadPart(ref Utf8JsonReader reader, ModelChunkKind kind)
    {
        var isKnown = false;
        if (IsReasoning(reader))
            kind = ModelChunkKind.Reasoning;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("text"u8) || (kind is ModelChunkKind.Reasoning && reader.ValueTextEquals("summary"u8)))
                ReadContent(ref reader, kind);
            else if (reader.ValueTextEquals("refusal"u8))
                ReadContent(ref reader, ModelChunkKind.Refusal);
            else if (reader.ValueTextEquals("thinking"u8))
                ReadThinking(ref reader);
            else
            {
                reader.Skip();
                continue;
            }

            isKnown = true;
        }

        HasUnknown |= !isKnown;
    }

    // Databricks' form. Looks ahead with a copy of the reader, since the type may be last.
    private static bool IsReasoning(Utf8JsonReader ahead)
    {
        while (ahead.Read() && ahead.TokenType is JsonTokenType.PropertyName)
        {
            var isType = ahead.ValueTextEquals("type"u8);
            ahead.Read();
            if (isType && ahead.TokenType is JsonTokenType.String)
                return ahead.ValueTextEquals("reasoning"u8);
            ahead.Skip();
        }

        return false;
    }

    private void SkipUnknown(ref Utf8JsonReader reader)
    {
        reader.Read();
        var start = reader.TokenStartIndex;
        var isList = reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject;
        reader.Skip();
        HasUnknown |= isList && reader.BytesConsumed - start > "[]".Length;
    }

    // Mistral's form: reasoning is a part of the content, and goes back as one.
    private void ReadThinking(ref Utf8JsonReader reader)
    {
        if (ReadContent(ref reader, ModelChunkKind.Reasoning))
            State.ReasoningField ??= ProviderProfile.ThinkingPart;
    }

    private bool TryAddText(ref Utf8JsonReader reader, ModelChunkKind kind)
    {
        if (reader.ValueSpan.IsEmpty)
            return false;
        _text = JsonStringRange.Of(ref reader);
        var inside = _json.Slice(_text.Start, _text.Length);
        if (_isSnapshot)
        {
            inside = (kind switch { ModelChunkKind.Text => _textSoFar, ModelChunkKind.Refusal => _refusalSoFar, _ => _reasoningSoFar }).Add(inside);
            if (inside.IsEmpty)
                return true;
        }

        var text = JsonStringBytes.ToValidUtf8(inside);
        Found.Add(kind switch
        {
            ModelChunkKind.Text => ModelChunk.OfText(text),
            ModelChunkKind.Refusal => ModelChunk.OfRefusal(text),
            _ => ModelChunk.OfReasoning(text),
        });
        return true;
    }

    private JsonArray? ReadParts(ref Utf8JsonReader reader, string field)
    {
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }

        var start = reader.TokenStartIndex;
        var parts = StateJson.Read(ref reader)!.AsArray();
        _budget.Add(reader.BytesConsumed - start);
        if (parts.Count == 0)
            return null;
        _hasOther = true;
        _hasDetails = true;
        State.AddParts(field, parts);
        return parts;
    }

    private void ShowDetails(JsonArray details)
    {
        foreach (var detail in details.OfType<JsonObject>())
        {
            if ((detail["text"] ?? detail["summary"]) is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0)
                Found.Add(ModelChunk.OfReasoning(EscapedText.From(text)));
        }
    }

    private void ReadAnnotations(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        using var annotations = JsonDocument.ParseValue(ref reader);
        foreach (var annotation in annotations.RootElement.EnumerateArray())
        {
            _hasOther = true;
            Sources.AddAnnotation(annotation);
        }
    }

    private void ReadExtra(ref Utf8JsonReader reader, string field)
    {
        reader.Read();
        var start = reader.TokenStartIndex;
        if (StateJson.Read(ref reader) is not { } value)
            return;
        _budget.Add(reader.BytesConsumed - start);
        _hasOther = true;
        State.Add(field, value);
    }

    private void ReadToolCalls(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (reader.TokenType is not JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            var start = reader.TokenStartIndex;
            var call = ToolCallJson.ReadCall(ref reader);
            if (call.Extra is not null)
                _budget.Add(reader.BytesConsumed - start);
            AddToolCall(call);
        }
    }

    private void ReadFunctionCall(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.StartObject)
            AddToolCall(ToolCallJson.ReadFunction(ref reader) with { Index = 0 });
        else
            reader.Skip();
    }

    private void AddToolCall(ToolCallJson call)
    {
        _hasOther = true;
        if (_toolCalls.Place(call.Index, call.Id, call.Name, call.Arguments) is { } piece)
            Found.Add(ModelChunk.OfToolCall(piece));
        if (call.Extra is { } extra)
            State.AddToCall(_toolCalls.LastIndex, extra);
    }

    /// <summary>The texts of messages, each with all the text so far or with more of it.</summary>
    private sealed class Snapshots
    {
        private readonly ArrayBufferWriter<byte> _soFar = new();

        /// <summary>What is new in a text.</summary>
        public ReadOnlyMemory<byte> Add(ReadOnlyMemory<byte> text)
        {
            if (text.Span.StartsWith(_soFar.WrittenSpan))
                text = text[_soFar.WrittenCount..];
            _soFar.Write(text.Span);
            return text;
        }
    }
}

/// <summary>What an object in a chunk has.</summary>
internal enum MessageKind
{
    /// <summary>More of the answer.</summary>
    Delta,

    /// <summary>What deltas may have held before: only what none of them held is read.</summary>
    AfterDeltas,

    /// <summary>The answer so far, in a stream without deltas.</summary>
    Snapshot,
}

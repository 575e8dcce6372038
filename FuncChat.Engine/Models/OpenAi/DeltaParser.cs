using System.Text.Json;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>
/// Understands a `delta`, or a whole `message`: text, reasoning and tool calls in every form that providers send them in.
/// </summary>
internal sealed class DeltaParser
{
    private readonly ToolCallAssembler _toolCalls = new();
    private ReadOnlyMemory<byte> _json;
    private JsonStringRange _text;
    private bool _hasToolCall;

    /// <summary>What the chunk holds; the caller adds what it finds outside of the delta.</summary>
    public List<ModelChunk> Found { get; } = [];

    public bool HasToolCalls => !_toolCalls.IsEmpty;

    /// <summary>Where the text lies when one piece of text is all that was found.</summary>
    public JsonStringRange? OnlyText =>
        Found is [{ Kind: ModelChunkKind.Text or ModelChunkKind.Reasoning }] && !_hasToolCall ? _text : null;

    /// <summary>Begins the next chunk.</summary>
    public void Begin(ReadOnlyMemory<byte> json)
    {
        _json = json;
        _hasToolCall = false;
        Found.Clear();
    }

    /// <summary>Reads the value that comes next; false when it is no object.</summary>
    public bool TryRead(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }

        // Some providers send the same reasoning under both names.
        var hasReasoning = false;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("refusal"u8))
                ReadContent(ref reader, ModelChunkKind.Text);
            else if (!hasReasoning && (reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8)))
                hasReasoning = ReadContent(ref reader, ModelChunkKind.Reasoning);
            else if (reader.ValueTextEquals("tool_calls"u8))
                ReadToolCalls(ref reader);
            else if (reader.ValueTextEquals("function_call"u8))
                ReadFunctionCall(ref reader);
            else
                reader.Skip();
        }
        return true;
    }

    /// <summary>A string, or an array of parts such as `{"type":"text","text":"…"}`; anything else is no content.</summary>
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
        }
        return true;
    }

    private void ReadPart(ref Utf8JsonReader reader, ModelChunkKind kind)
    {
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("text"u8))
                ReadContent(ref reader, kind);
            else if (reader.ValueTextEquals("thinking"u8))
                ReadContent(ref reader, ModelChunkKind.Reasoning);
            else
                reader.Skip();
        }
    }

    private bool TryAddText(ref Utf8JsonReader reader, ModelChunkKind kind)
    {
        if (reader.ValueSpan.IsEmpty)
            return false;
        _text = JsonStringRange.Of(ref reader);
        var inside = _json.Slice(_text.Start, _text.Length);
        var text = JsonStringBytes.ToValidUtf8(inside);
        Found.Add(kind is ModelChunkKind.Text ? ModelChunk.OfText(text) : ModelChunk.OfReasoning(text));
        return true;
    }

    private void ReadToolCalls(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType is JsonTokenType.StartObject)
            AddToolCall(ToolCallJson.ReadCall(ref reader));
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
        _hasToolCall = true;
        if (_toolCalls.Place(call.Index, call.Id, call.Name, call.Arguments) is { } piece)
            Found.Add(ModelChunk.OfToolCall(piece));
    }
}

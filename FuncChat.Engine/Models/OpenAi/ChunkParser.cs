using System.Text.Json;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>
/// Reads any chunk of a streamed answer, and a whole `chat.completion`, which has a `message` where a chunk has a `delta`. Only the choice with
/// index 0 counts. Perplexity's chunks have both, the message with all the text so far: a message counts only for what no delta has held. Where all chunks have
/// messages, each may have all the text so far, or only more of it. A choice without both may have a `text`, as in the older completions.
/// </summary>
internal sealed class ChunkParser
{
    private readonly DeltaParser _delta = new();
    private ReadOnlyMemory<byte> _json;
    private JsonStringRange? _padding;
    private byte[] _citations = [];
    private byte[] _searchResults = [];
    private ModelUsage? _usage;
    private bool _hasDeltas;

    /// <summary>What the last chunk held, in order; its text is in the chunk's own bytes.</summary>
    public List<ModelChunk> Found => _delta.Found;

    /// <summary>The last finish_reason that came and was no error.</summary>
    public string? FinishReason { get; private set; }

    /// <summary>The last chunk had a finish_reason.</summary>
    public bool HasFinishReason { get; private set; }

    /// <summary>The last chunk had a finish_reason that is a word for an end.</summary>
    public bool HasFinish => HasFinishReason && FinishReason is { } reason && Models.FinishReason.IsKnown(reason);

    /// <summary>The sources of the answer so far.</summary>
    public AnswerSources Sources => _delta.Sources;

    /// <summary>The model that answers, as the first chunk that names it does.</summary>
    public string? Model { get; private set; }

    /// <summary>Any chunk had a delta.</summary>
    public bool HasAnswer { get; private set; }

    public bool HasToolCalls => _delta.HasToolCalls;

    /// <summary>Nothing came but images, audio or other parts that are not read.</summary>
    public bool HasOnlyUnknown => _delta.HasUnknown && !_delta.HasContent;

    /// <summary>What goes back to the provider with this answer; null where that is nothing.</summary>
    public ModelState? BuildState() => _delta.State.Build();

    /// <summary>Reads one chunk into <see cref="Found"/>.</summary>
    /// <returns>False when it is, or holds, an error.</returns>
    /// <exception cref="JsonException">It is no JSON, or not of the shape of a chunk.</exception>
    public bool TryParse(ReadOnlyMemory<byte> json)
    {
        _json = json;
        _padding = null;
        HasFinishReason = false;
        _delta.Begin(json);
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartObject)
            throw new JsonException("A chunk is not an object.");
        var isFine = true;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            isFine &= TryReadProperty(ref reader);
        // The reader throws if anything but white space follows.
        reader.Read();
        return isFine;
    }

    /// <summary>If the last chunk held nothing but a piece of text, teaches the template to recognize the next one like it.</summary>
    public void Teach(ChunkTemplate shape)
    {
        if (_delta.OnlyText is { } text && !HasFinishReason)
            shape.Learn(_json.Span, Found[0].Kind, text, _padding);
    }

    private bool TryReadProperty(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("choices"u8))
            return TryReadChoices(ref reader);
        if (reader.ValueTextEquals("usage"u8))
            ReadUsage(ref reader);
        else if (reader.ValueTextEquals("error"u8))
            return ErrorField.ReadIsEmpty(ref reader);
        else if (reader.ValueTextEquals("base_resp"u8))
            return IsGood(ref reader);
        else if (reader.ValueTextEquals("citations"u8))
            ReadSources(ref reader, ref _citations);
        else if (reader.ValueTextEquals("search_results"u8))
            ReadSources(ref reader, ref _searchResults);
        else if (reader.ValueTextEquals("object"u8) || reader.ValueTextEquals("type"u8))
            return !IsString(ref reader, "error"u8);
        else if (reader.ValueTextEquals("x_groq"u8))
            return TryReadGroq(ref reader);
        else if (Model is null && reader.ValueTextEquals("model"u8))
            ReadModel(ref reader);
        else if (reader.ValueTextEquals("obfuscation"u8))
            ReadPadding(ref reader);
        else
            reader.Skip();
        return true;
    }

    private bool TryReadChoices(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            reader.Skip();
            return true;
        }

        var isFine = true;
        for (var position = 0; reader.Read() && reader.TokenType is JsonTokenType.StartObject; position++)
        {
            if (IndexOfChoice(reader, position) == 0)
                isFine &= TryReadChoice(ref reader);
            else
                reader.Skip();
        }
        return reader.TokenType is JsonTokenType.EndArray ? isFine : throw new JsonException("A choice is not an object.");
    }

    /// <summary>Looks ahead with a copy of the reader, as some providers put the index after the delta.</summary>
    private static int IndexOfChoice(Utf8JsonReader ahead, int position)
    {
        while (ahead.Read() && ahead.TokenType is JsonTokenType.PropertyName)
        {
            var isIndex = ahead.ValueTextEquals("index"u8);
            ahead.Read();
            if (isIndex && ahead.TokenType is JsonTokenType.Number && ahead.TryGetInt32(out var index))
                return index;
            ahead.Skip();
        }
        return position;
    }

    private bool TryReadChoice(ref Utf8JsonReader reader)
    {
        var isFine = true;
        var (hasMessage, hasDelta, hasText) = (false, false, false);
        Utf8JsonReader message = default;
        Utf8JsonReader text = default;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("delta"u8))
            {
                hasDelta |= _delta.TryRead(ref reader);
            }
            else if (reader.ValueTextEquals("message"u8))
            {
                hasMessage = true;
                message = reader;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("text"u8))
            {
                hasText = true;
                text = reader;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("finish_reason"u8))
                isFine &= TryReadFinishReason(ref reader);
            else if (reader.ValueTextEquals("usage"u8))
                ReadUsage(ref reader);
            else if (reader.ValueTextEquals("error"u8))
                isFine &= ErrorField.ReadIsEmpty(ref reader);
            else
                reader.Skip();
        }

        _hasDeltas |= hasDelta;
        HasAnswer |= hasDelta;

        // The message of the last chunk has all, also what no delta has held.
        if (hasMessage && (!_hasDeltas || !_delta.HasContent || HasFinishReason))
            HasAnswer |= _delta.TryRead(ref message, _hasDeltas ? MessageKind.AfterDeltas : MessageKind.Snapshot);
        else if (hasText && !hasMessage && !_hasDeltas)
            HasAnswer |= _delta.TryReadText(ref text);
        return isFine;
    }

    private bool TryReadFinishReason(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is not JsonTokenType.String || reader.ValueSpan.IsEmpty)
        {
            reader.Skip();
            return true;
        }

        if (Models.FinishReason.From(JsonStringBytes.TextOf(ref reader)) is not { } reason)
            return true;
        HasFinishReason = true;
        if (reason is Models.FinishReason.Error)
            return false;
        FinishReason = reason;
        return true;
    }

    private void ReadUsage(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.StartObject && UsageJson.Read(ref reader) is { } usage)
        {
            var later = UsageJson.Later(usage, _usage);
            if (later == _usage)
                return;
            _usage = later;
            Found.Add(ModelChunk.OfUsage(later));
        }
        else if (reader.TokenType is JsonTokenType.StartArray)
            reader.Skip();
    }

    /// <summary>Groq's own object: it holds the usage, and errors in the middle of a stream.</summary>
    private bool TryReadGroq(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            reader.Skip();
            return true;
        }

        var isFine = true;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("usage"u8))
                ReadUsage(ref reader);
            else if (reader.ValueTextEquals("error"u8))
                isFine &= ErrorField.ReadIsEmpty(ref reader);
            else
                reader.Skip();
        }
        return isFine;
    }

    private void ReadModel(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.String)
            Model = JsonStringBytes.TextOf(ref reader);
        else
            reader.Skip();
    }

    private void ReadPadding(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.String)
            _padding = JsonStringRange.Of(ref reader);
        else
            reader.Skip();
    }

    // Perplexity repeats its lists in each chunk.
    private void ReadSources(ref Utf8JsonReader reader, ref byte[] known)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        var list = reader;
        reader.Skip();
        var json = _json.Span[start..(int)reader.BytesConsumed];
        if (list.TokenType is not JsonTokenType.StartArray || json.SequenceEqual(known))
            return;
        known = json.ToArray();
        using var document = JsonDocument.ParseValue(ref list);
        Sources.AddList(document.RootElement);
    }

    // MiniMax sends a status with each answer, which is 0 where all is well.
    private static bool IsGood(ref Utf8JsonReader reader)
    {
        reader.Read();
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.ValueKind is not JsonValueKind.Object || !document.RootElement.TryGetProperty("status_code", out var status)
            || status.ToString() is "" or "0";
    }

    private static bool IsString(ref Utf8JsonReader reader, ReadOnlySpan<byte> value)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.String)
            return reader.ValueTextEquals(value);
        reader.Skip();
        return false;
    }
}

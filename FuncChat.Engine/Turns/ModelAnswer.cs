using System.Buffers;
using System.Text;
using System.Text.Json;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.OpenAi;

namespace FuncChat.Engine.Turns;

/// <summary>What a model call has answered so far, put together from its pieces.</summary>
internal sealed class ModelAnswer
{
    private readonly ArrayBufferWriter<byte> _content = new();
    private readonly SortedDictionary<int, CallPieces> _calls = [];
    private int _argumentsLength;

    /// <summary>Bytes of text and characters of arguments: what bounds the memory that an answer takes.</summary>
    public long Size => (long)_content.WrittenCount + _argumentsLength;

    public string? FinishReason { get; set; }

    public ModelUsage? Usage { get; set; }

    /// <inheritdoc cref="ModelChunk.ResponseModel"/>
    public string? ResponseModel { get; set; }

    public bool HasToolCalls => _calls.Count > 0;

    /// <summary>The answer's text. Half a surrogate pair stays what it is.</summary>
    public string Text => JsonStringBytes.Unescape(_content.WrittenSpan);

    public void AddText(ReadOnlySpan<byte> escapedText) => _content.Write(escapedText);

    public void Add(ToolCallPiece piece)
    {
        if (!_calls.TryGetValue(piece.Index, out var call))
            _calls.Add(piece.Index, call = new CallPieces());
        call.Id ??= piece.Id;
        call.Name ??= piece.Name;
        call.Arguments.Append(piece.Arguments);
        _argumentsLength += piece.Arguments?.Length ?? 0;
    }

    /// <summary>The answer as the model gave it, ids and all.</summary>
    public RawJson ToMessage() => ToMessage(static (_, id) => id ?? "", withTools: true);

    /// <summary>The answer as OpenAI's assistant message.</summary>
    /// <param name="nameCall">Gives a tool call its id, from its place and the id that the model gave.</param>
    /// <param name="withTools">False drops tool calls that the model was not asked for.</param>
    public RawJson ToMessage(Func<int, string?, string> nameCall, bool withTools)
    {
        var buffer = new ArrayBufferWriter<byte>(_content.WrittenCount + 256);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = EngineJson.Relaxed.Options.Encoder });
        json.WriteStartObject();
        json.WriteString("role"u8, "assistant"u8);
        json.WritePropertyName("content"u8);
        if (_content.WrittenCount > 0 || !HasToolCalls)
            WriteContent(json);
        else
            json.WriteNullValue();
        if (withTools && HasToolCalls)
        {
            json.WritePropertyName("tool_calls"u8);
            JsonSerializer.Serialize(json, ToolCalls(nameCall), EngineJson.Relaxed.IReadOnlyListToolCall);
        }

        json.WriteEndObject();
        json.Flush();
        return new RawJson(buffer.WrittenMemory);
    }

    // By a pooled array: a long answer's own would be a large object, and many of those keep the garbage collector busy.
    private void WriteContent(Utf8JsonWriter json)
    {
        var length = _content.WrittenCount + 2;
        var quoted = ArrayPool<byte>.Shared.Rent(length);
        quoted[0] = quoted[length - 1] = (byte)'"';
        _content.WrittenSpan.CopyTo(quoted.AsSpan(1));
        json.WriteRawValue(quoted.AsSpan(0, length), skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(quoted);
    }

    private List<ToolCall> ToolCalls(Func<int, string?, string> nameCall) =>
        [.. _calls.Values.Select((call, place) => new ToolCall(
            nameCall(place, call.Id), ToolCall.FunctionType, new ToolCallFunction(call.Name ?? "", call.Arguments.ToString())))];

    private sealed class CallPieces
    {
        public string? Id { get; set; }

        public string? Name { get; set; }

        public StringBuilder Arguments { get; } = new();
    }
}

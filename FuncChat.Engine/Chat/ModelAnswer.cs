using System.Buffers;
using System.Text;
using System.Text.Json;
using FuncChat.Engine.Models;
using FuncChat.Tools;

namespace FuncChat.Engine.Chat;

/// <summary>What a model call has answered so far, put together from its pieces.</summary>
internal sealed class ModelAnswer
{
    // What a call costs besides its strings, so that calls without any are bounded too.
    private const int CallOverhead = 64;

    private readonly ArrayBufferWriter<byte> _content = new();
    private readonly ArrayBufferWriter<byte> _refusal = new();
    private readonly ArrayBufferWriter<byte> _reasoning = new();
    private readonly SortedDictionary<int, CallPieces> _calls = [];
    private ModelState? _state;
    private long _callsLength;

    /// <summary>Bytes of text and reasoning, and characters of tool calls: what bounds the memory that an answer uses.</summary>
    public long Size => (long)_content.WrittenCount + _refusal.WrittenCount + _reasoning.WrittenCount + _callsLength;

    public string? FinishReason { get; set; }

    public ModelUsage? Usage { get; set; }

    /// <inheritdoc cref="ModelChunk.ResponseModel"/>
    public string? ResponseModel { get; set; }

    /// <inheritdoc cref="ModelChunk.Sources"/>
    public IReadOnlyList<ModelSource> Sources { get; set; } = [];

    public bool HasToolCalls => _calls.Count > 0;

    public bool HasText => _content.WrittenCount + _refusal.WrittenCount > 0;

    /// <summary>The names of the tools that the model calls, as it wrote them.</summary>
    public IEnumerable<string> ToolNames => _calls.Values.Select(call => call.Name ?? "");

    /// <summary>The answer's text, without thoughts in it. Half a surrogate pair becomes U+FFFD.</summary>
    public string Text => JsonStringBytes.Unescape(Content.Span);

    /// <summary>The text, and then the arguments of its tool calls: models that are asked for JSON sometimes call a tool that no one offered.</summary>
    public string TextAndArguments => HasToolCalls ? string.Join('\n', [Text, .. _calls.Values.Select(call => call.Arguments.ToString())]) : Text;

    /// <summary>The text in which the model declines; empty where it does not.</summary>
    public string RefusalText => JsonStringBytes.Unescape(Refusal.Span);

    /// <summary>The text in which the model declines, as <see cref="ModelChunk.EscapedText"/>: the end of the answer's text.</summary>
    private ReadOnlyMemory<byte> Refusal => LoneSurrogates.Replace(_refusal.WrittenMemory);

    private ReadOnlyMemory<byte> Content
    {
        get
        {
            var content = LoneSurrogates.Replace(_content.WrittenMemory);
            content = content[ThinkTags.StartOfAnswer(content.Span)..];
            return _refusal.WrittenCount == 0 ? content : (byte[])[.. content.Span, .. Refusal.Span];
        }
    }

    public void AddText(ReadOnlySpan<byte> escapedText) => _content.Write(escapedText);

    public void AddRefusal(ReadOnlySpan<byte> escapedText) => _refusal.Write(escapedText);

    public void AddReasoning(ReadOnlySpan<byte> escapedText) => _reasoning.Write(escapedText);

    public void Add(ModelState state)
    {
        _state = state;
        _callsLength += (state.Message?.Utf8.Length ?? 0) + state.ToolCalls.Values.Sum(fields => fields.Utf8.Length);
    }

    public void Add(ToolCallPiece piece)
    {
        if (!_calls.TryGetValue(piece.Index, out var call))
        {
            _calls.Add(piece.Index, call = new CallPieces());
            _callsLength += CallOverhead;
        }

        _callsLength += (call.Id is null ? piece.Id?.Length ?? 0 : 0) + (piece.Name?.Length ?? 0) + (piece.Arguments?.Length ?? 0);
        call.Id ??= piece.Id;
        call.Name += piece.Name;
        call.Arguments.Append(piece.Arguments);
    }

    /// <summary>The answer as the model made it, ids and all.</summary>
    public RawJson ToMessage() => ToMessage(static (id, _) => id ?? "", static name => name, withTools: true, model: null);

    /// <summary>The answer as OpenAI's assistant message, in a form that can be sent back.</summary>
    /// <param name="idOf">Returns a tool call's id, from the id that the model chose and the call's place.</param>
    /// <param name="cleanName">Returns a tool's name, from what the model wrote.</param>
    /// <param name="withTools">False drops tool calls that the model was not asked for.</param>
    /// <param name="model">The provider and model that made the answer, to which its state goes back; null leaves the state out.</param>
    public RawJson ToMessage(
        Func<string?, int, string> idOf, Func<string, string> cleanName, bool withTools, (string Provider, string Name)? model)
    {
        var content = Content;
        var buffer = new ArrayBufferWriter<byte>(content.Length + 256);
        using var json = new Utf8JsonWriter(buffer, EngineJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("role"u8, "assistant"u8);
        json.WritePropertyName("content"u8);
        var hasCalls = withTools && HasToolCalls;
        if (content.Length > 0 || !hasCalls)
            WriteString(json, content.Span);
        else
            json.WriteNullValue();
        if (_refusal.WrittenCount > 0)
        {
            json.WritePropertyName("refusal"u8);
            WriteString(json, Refusal.Span);
        }

        var calls = hasCalls ? _calls.Select((call, place) => ToCall(call.Key, call.Value, place, idOf, cleanName)).ToList() : [];
        if (hasCalls)
        {
            json.WritePropertyName("tool_calls"u8);
            JsonSerializer.Serialize(json, [.. calls.Select(call => call.Call)], EngineJson.Relaxed.IReadOnlyListToolCall);
        }

        if (model is var (provider, name))
        {
            ProviderData.Write(
                json, provider, name, _state, LoneSurrogates.Replace(_reasoning.WrittenMemory).Span,
                [.. calls.Select(call => (call.Index, call.Call.Id, call.Original))]);
        }

        json.WriteEndObject();
        json.Flush();
        return new RawJson(buffer.WrittenMemory);
    }

    // By a pooled array: a long answer's own would be a large object, and many of those keep the garbage collector busy.
    private static void WriteString(Utf8JsonWriter json, ReadOnlySpan<byte> escapedText)
    {
        var length = escapedText.Length + 2;
        var quoted = ArrayPool<byte>.Shared.Rent(length);
        quoted[0] = quoted[length - 1] = (byte)'"';
        escapedText.CopyTo(quoted.AsSpan(1));
        json.WriteRawValue(quoted.AsSpan(0, length), skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(quoted);
    }

    private (int Index, ToolCall Call, string? Original) ToCall(
        int index, CallPieces call, int place, Func<string?, int, string> idOf, Func<string, string> cleanName)
    {
        var id = idOf(call.Id, place);
        var arguments = call.Arguments.ToString();
        if (string.IsNullOrWhiteSpace(arguments))
            arguments = ToolCallText.NoArguments;
        else if (ToolCallText.ToObject(arguments) is { } json)
            arguments = json == ToolCallText.NoArguments && FinishReason == Models.FinishReason.Length ? ToolCallText.CompleteNoArguments : json;
        var function = new ToolCallFunction(cleanName(call.Name ?? ""), arguments);
        return (index, new ToolCall(id, ToolCall.FunctionType, function), ToolCallIds.OriginalOf(call.Id, id));
    }

    private sealed class CallPieces
    {
        public string? Id { get; set; }

        public string? Name { get; set; }

        public StringBuilder Arguments { get; } = new();
    }
}

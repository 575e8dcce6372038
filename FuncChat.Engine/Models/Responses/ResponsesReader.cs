using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Engine.Models.Http;
using FuncChat.Engine.Models.OpenAi;

namespace FuncChat.Engine.Models.Responses;

/// <summary>Reads the events of a streamed response, or a whole response.</summary>
internal sealed class ResponsesReader(ProviderErrorMapper failures, int limit = EventStreamReader.DefaultLimit) : EventStreamReader(failures, limit)
{
    private const int MaxState = 4 * 1024 * 1024;

    private readonly Dictionary<int, Call> _calls = [];
    private readonly JsonArray _items = [];
    private readonly Dictionary<string, int> _completed = new(StringComparer.Ordinal);
    private readonly StreamedItems _texts = new();
    private readonly StreamedItems _reasoning = new();
    private long _stateLength;
    private int _callCount;
    private bool _hasReasoning;
    private string? _model;
    private string? _finish;

    protected override List<ModelChunk> Found { get; } = [];

    protected override bool TryParse(ReadOnlyMemory<byte> data)
    {
        Found.Clear();
        var fields = ResponsesEvent.Read(data);
        switch (fields.Type)
        {
            case "response.output_text.delta":
                _texts.Add(fields);
                Found.Add(ModelChunk.OfText(fields.Delta(data)));
                break;
            case "response.refusal.delta":
                _texts.Add(fields);
                Found.Add(ModelChunk.OfRefusal(fields.Delta(data)));
                break;
            case "response.reasoning_summary_text.delta" or "response.reasoning_text.delta":
                _hasReasoning = true;
                _reasoning.Add(fields);
                Found.Add(ModelChunk.OfReasoning(fields.Delta(data)));
                break;
            case "response.reasoning_summary_part.added" when _hasReasoning:
                Found.Add(ModelChunk.OfReasoning("\\n\\n"u8.ToArray()));
                break;
            case "response.function_call_arguments.delta":
                AddArguments(fields, JsonStringBytes.Unescape(fields.Delta(data).Span));
                break;
            case "response.output_item.added":
                WithObject(data, "item", item => Add(fields.OutputIndex, item));
                break;
            case "response.output_item.done":
                WithObject(data, "item", item => Complete(fields.OutputIndex, item));
                break;
            case "response.created" or "response.in_progress":
                break;
            case "response.completed" or "response.incomplete":
                WithObject(data, "response", End);
                break;
            case "response.failed" or "error":
                return false;
            case null when fields.HasError:
                return false;
            case null when fields.IsObject:
                ReadWhole(data);
                break;
            case null:
                throw new JsonException("An event of a response is not an object.");
        }

        Found.RemoveAll(static chunk => chunk.Kind is ModelChunkKind.Text or ModelChunkKind.Reasoning or ModelChunkKind.Refusal && chunk.EscapedText.IsEmpty);
        return _finish is not FinishReason.Error;
    }

    protected override void Finish()
    {
        if (_finish is null)
            throw Failures.BrokenOff();
        var hasState = _items.OfType<JsonObject>().Any(item => (string?)item["type"] == "reasoning" || item["phase"] is not null);
        if (hasState)
        {
            Found.Add(ModelChunk.OfState(new ModelState
            {
                Message = new RawJson(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["items"] = _items }, EngineJson.Relaxed.JsonObject)),
            }));
        }

        Found.Add(ModelChunk.OfFinish(_finish, _model));
    }

    private static void WithObject(ReadOnlyMemory<byte> data, string name, Action<JsonElement> read)
    {
        using var document = JsonDocument.Parse(data);
        if (document.RootElement.TryGetProperty(name, out var element) && element.ValueKind is JsonValueKind.Object)
            read(element);
    }

    // Some gateways do not stream.
    private void ReadWhole(ReadOnlyMemory<byte> data)
    {
        using var document = JsonDocument.Parse(data);
        var response = document.RootElement;
        if (MessageJson.Text(response, "object") == "response" && response.TryGetProperty("output", out var output) && output.ValueKind is JsonValueKind.Array)
            End(response);
    }

    private void AddText(JsonElement message)
    {
        foreach (var part in Parts(message, "content"))
        {
            var refusal = MessageJson.Text(part, "refusal");
            var text = EscapedText.From(MessageJson.Text(part, "text") ?? refusal ?? "");
            Found.Add(refusal is null ? ModelChunk.OfText(text) : ModelChunk.OfRefusal(text));
        }
    }

    private void AddReasoning(JsonElement reasoning)
    {
        foreach (var text in Parts(reasoning, "summary").Concat(Parts(reasoning, "content")).Select(part => MessageJson.Text(part, "text")))
        {
            if (text is not { Length: > 0 })
                continue;
            Found.Add(ModelChunk.OfReasoning(EscapedText.From(_hasReasoning ? $"\n\n{text}" : text)));
            _hasReasoning = true;
        }
    }

    private static IEnumerable<JsonElement> Parts(JsonElement item, string field) =>
        item.TryGetProperty(field, out var parts) && parts.ValueKind is JsonValueKind.Array ? parts.EnumerateArray() : [];

    private void Add(int outputIndex, JsonElement item)
    {
        var id = MessageJson.Text(item, "call_id");

        // Some servers send the same index with each item.
        if (MessageJson.Text(item, "type") != "function_call" || (_calls.TryGetValue(outputIndex, out var known) && known.Id == id))
            return;
        var call = _calls[outputIndex] = new Call(_callCount++, id);
        Found.Add(ModelChunk.OfToolCall(new ToolCallPiece(call.Index, id, MessageJson.Text(item, "name"), null)));
    }

    private void AddArguments(ResponsesEvent fields, string arguments)
    {
        if (!_calls.TryGetValue(fields.OutputIndex, out var call) || arguments.Length == 0)
            return;
        call.HasArguments = true;
        Found.Add(ModelChunk.OfToolCall(new ToolCallPiece(call.Index, null, null, arguments)));
    }

    // Reasoning is kept as it is; of the others, which the message holds, only the place.
    private void Complete(int outputIndex, JsonElement item)
    {
        if (MessageJson.Text(item, "type") is not { } type)
            return;
        _completed[type] = _completed.GetValueOrDefault(type) + 1;
        switch (type)
        {
            case "reasoning":
                if (!_reasoning.Remove(outputIndex))
                    AddReasoning(item);
                Keep(StateJson.Of(item)!.AsObject(), item.GetRawText().Length);
                break;
            case "message":
                if (!_texts.Remove(outputIndex))
                    AddText(item);
                Keep(PlaceOf(item), 64);
                break;
            case "function_call":
                Add(outputIndex, item);
                if (!_calls[outputIndex].HasArguments && MessageJson.Text(item, "arguments") is { Length: > 0 } arguments)
                    Found.Add(ModelChunk.OfToolCall(new ToolCallPiece(_calls[outputIndex].Index, null, null, arguments)));
                Keep(new JsonObject { ["type"] = "function_call" }, 32);
                break;
        }
    }

    private void Keep(JsonObject item, int length)
    {
        _stateLength += length;
        if (_stateLength > MaxState)
            throw new InvalidDataException($"The state of an answer is longer than {MaxState} bytes.");
        _items.Add(item);
    }

    private static JsonObject PlaceOf(JsonElement message)
    {
        var place = new JsonObject { ["type"] = "message" };
        if (MessageJson.Text(message, "phase") is { } phase)
            place["phase"] = phase;
        place["length"] = Parts(message, "content").Sum(part => (MessageJson.Text(part, "text") ?? MessageJson.Text(part, "refusal") ?? "").Length);
        return place;
    }

    // Some servers send items in the complete response only: all after those that came before.
    private void CompleteAll(JsonElement response)
    {
        var before = new Dictionary<string, int>(_completed, StringComparer.Ordinal);
        foreach (var (place, item) in Parts(response, "output").Index())
        {
            if (MessageJson.Text(item, "type") is not { } type)
                continue;
            var left = before.GetValueOrDefault(type);
            before[type] = left - 1;
            if (left > 0)
                continue;
            var id = MessageJson.Text(item, "call_id");
            var known = _calls.Where(call => id is not null && call.Value.Id == id).Select(call => (int?)call.Key).FirstOrDefault();
            Complete(known ?? place, item);
        }
    }

    private void End(JsonElement response)
    {
        CompleteAll(response);
        _model = MessageJson.Text(response, "model");
        if (response.TryGetProperty("usage", out var usage) && usage.ValueKind is JsonValueKind.Object)
        {
            var reader = new Utf8JsonReader(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(usage));
            reader.Read();
            if (UsageJson.Read(ref reader) is { } counted)
                Found.Add(ModelChunk.OfUsage(counted));
        }

        var reason = response.TryGetProperty("incomplete_details", out var details) ? MessageJson.Text(details, "reason") : null;
        _finish = (reason is null ? null : FinishReason.From(reason)) ?? (_callCount > 0 ? FinishReason.ToolCalls : FinishReason.Stop);
        IsDone = true;
    }

    /// <summary>The items of which deltas came that are not complete yet. Some servers send deltas with another index than their item, or with none.</summary>
    private sealed class StreamedItems
    {
        private readonly HashSet<int> _indexes = [];
        private bool _isAny;

        public void Add(ResponsesEvent delta)
        {
            if (delta.DeltaRange.Length == 0)
                return;
            _isAny = true;
            _indexes.Add(delta.OutputIndex);
        }

        /// <summary>Whether there were deltas of the item that is complete now.</summary>
        public bool Remove(int outputIndex)
        {
            var isStreamed = _indexes.Remove(outputIndex) || _isAny;
            _isAny = false;
            return isStreamed;
        }
    }

    private sealed class Call(int index, string? id)
    {
        public int Index => index;

        public string? Id => id;

        public bool HasArguments { get; set; }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Engine.Models.Http;

namespace FuncChat.Engine.Models.Responses;

/// <summary>Reads the events of a streamed response, or a whole response.</summary>
internal sealed class ResponsesReader : EventStreamReader
{
    private readonly Dictionary<int, Call> _calls = [];
    private readonly List<(int Start, JsonObject Item)> _items = [];
    private readonly Dictionary<(int Index, string Type), int> _started = [];
    private readonly Dictionary<string, int> _completed = new(StringComparer.Ordinal);
    private readonly HashSet<(int Index, string Json)> _done = [];
    private readonly MessageTexts _texts;
    private readonly AnswerSources _sources = new();
    private readonly StreamedTexts _reasoning = new();
    private readonly StreamedTexts _reasoningTexts = new();
    private readonly StateBudget _budget = new(4 * 1024 * 1024);
    private int _callCount;
    private int _startCount;
    private int? _place;
    private bool _hasReasoning;
    private bool _hasUnknown;
    private bool _hasContent;
    private string? _model;
    private string? _finish;

    public ResponsesReader(ProviderErrorMapper failures)
        : base(failures) => _texts = new MessageTexts(Found);

    protected override List<ModelChunk> Found { get; } = [];

    protected override bool TryParse(ReadOnlyMemory<byte> data)
    {
        Found.Clear();
        var fields = ResponsesEvent.Read(data);
        switch (fields.Type)
        {
            case "response.output_text.delta":
                _texts.AddDelta(fields.OutputIndex, fields.Delta(data));
                break;
            case "response.output_text.annotation.added":
                WithObject(data, "annotation", _sources.AddAnnotation);
                break;
            case "response.refusal.delta":
                _texts.AddRefusalDelta(fields.OutputIndex, fields.Delta(data));
                break;
            case "response.reasoning_summary_text.delta" or "response.reasoning_text.delta":
                _hasReasoning = true;
                _reasoning.Add(fields.OutputIndex, fields.Delta(data));
                if (fields.Type == "response.reasoning_text.delta")
                    _reasoningTexts.Add(fields.OutputIndex, fields.Delta(data));
                Found.Add(ModelChunk.OfReasoning(fields.Delta(data)));
                break;
            case "response.reasoning_summary_part.added" when _hasReasoning:
                Found.Add(ModelChunk.OfReasoning("\\n\\n"u8.ToArray()));
                break;
            case "response.function_call_arguments.delta":
                AddArguments(fields.OutputIndex, JsonStringBytes.Unescape(fields.Delta(data).Span));
                break;
            case "response.function_call_arguments.done":
                AddMissingArguments(fields.OutputIndex, data);
                break;
            case "response.output_item.added":
                WithObject(data, "item", item => Start(fields.OutputIndex, item));
                break;
            case "response.output_item.done":
                WithObject(data, "item", item => CompleteOnce(fields.OutputIndex, item));
                break;
            case "response.created" or "response.in_progress":
                break;
            case "response.completed" or "response.incomplete":
                WithObject(data, "response", response => End(response, isIncomplete: fields.Type == "response.incomplete"));
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
        _hasContent |= Found.Exists(static chunk => chunk.Kind <= ModelChunkKind.ToolCall);
        return _finish is not FinishReason.Error;
    }

    protected override void Finish()
    {
        if (_finish is null)
            throw Failures.BrokenOff();
        if (_hasUnknown && !_hasContent)
            throw Failures.NothingToShow();
        if (_sources.ToChunk() is { } sources)
            Found.Add(sources);
        var hasState = _items.Exists(kept => (string?)kept.Item["type"] == "reasoning" || kept.Item["phase"] is not null);
        if (hasState)
            Found.Add(ModelChunk.OfState(ModelState.OfItems([.. _items.Select(kept => kept.Item)])));
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
            End(response, isWhole: true);
    }

    private void AddReasoning(JsonElement reasoning)
    {
        foreach (var text in OutputItem.Parts(reasoning, "summary").Concat(OutputItem.Parts(reasoning, "content")).Select(part => MessageJson.Text(part, "text")))
        {
            if (text is not { Length: > 0 })
                continue;
            Found.Add(ModelChunk.OfReasoning(EscapedText.From(_hasReasoning ? $"\n\n{text}" : text)));
            _hasReasoning = true;
        }
    }

    private void Start(int outputIndex, JsonElement item)
    {
        if (MessageJson.Text(item, "type") is { } type)
            _started.TryAdd((outputIndex, type), _startCount++);
        Add(outputIndex, item);
    }

    private void Add(int outputIndex, JsonElement item)
    {
        var id = MessageJson.Text(item, "call_id");

        // Some servers send the same index with each item.
        if (MessageJson.Text(item, "type") != "function_call" || (_calls.TryGetValue(outputIndex, out var known) && known.Id == id))
            return;
        var call = _calls[outputIndex] = new Call(_callCount++, id);
        Found.Add(ModelChunk.OfToolCall(new ToolCallPiece(call.Index, id, MessageJson.Text(item, "name"), null)));
    }

    private void AddArguments(int outputIndex, string arguments)
    {
        if (!_calls.TryGetValue(outputIndex, out var call) || arguments.Length == 0)
            return;
        call.HasArguments = true;
        Found.Add(ModelChunk.OfToolCall(new ToolCallPiece(call.Index, null, null, arguments)));
    }

    // Some servers send no deltas.
    private void AddMissingArguments(int outputIndex, ReadOnlyMemory<byte> data)
    {
        if (!_calls.TryGetValue(outputIndex, out var call) || call.HasArguments)
            return;
        using var document = JsonDocument.Parse(data);
        AddArguments(outputIndex, MessageJson.Text(document.RootElement, "arguments") ?? "");
    }

    // Some servers send the same event again.
    private void CompleteOnce(int outputIndex, JsonElement item)
    {
        if (MessageJson.Text(item, "id") is not { Length: > 0 } || _done.Add((outputIndex, item.GetRawText())))
            Complete(outputIndex, item);
    }

    // Reasoning is kept as it is; of the others, which the message holds, only the place.
    private void Complete(int outputIndex, JsonElement item)
    {
        if (MessageJson.Text(item, "type") is not { } type)
            return;
        _completed[type] = _completed.GetValueOrDefault(type) + 1;
        if (!_started.Remove((outputIndex, type), out var start))
            start = _startCount++;
        switch (type)
        {
            case "reasoning":
                if (!_reasoning.Remove(outputIndex, OutputItem.Text(item, "summary") + OutputItem.Text(item, "content")))
                    AddReasoning(item);
                KeepReasoning(start, item, _reasoningTexts.Take(outputIndex));
                break;
            case "message":
                foreach (var annotation in OutputItem.Parts(item, "content").SelectMany(part => OutputItem.Parts(part, "annotations")))
                    _sources.AddAnnotation(annotation);
                Keep(start, _texts.Complete(outputIndex, item), 64);
                break;
            case "function_call":
                Add(outputIndex, item);
                if (!_calls[outputIndex].HasArguments && MessageJson.Text(item, "arguments") is { Length: > 0 } arguments)
                    AddArguments(outputIndex, arguments);
                Keep(start, new JsonObject { ["type"] = "function_call" }, 32);
                break;
            default:
                _hasUnknown = true;
                break;
        }
    }

    // Some servers stream the text and complete the item without it, but want it back.
    private void KeepReasoning(int start, JsonElement item, string streamed)
    {
        var kept = StateJson.Of(item)!.AsObject();
        var isEmpty = MessageJson.Text(item, "encrypted_content") is not { Length: > 0 } && !OutputItem.Parts(item, "content").Any();
        if (isEmpty && streamed.Length > 0)
            kept["content"] = new JsonArray(new JsonObject { ["type"] = "reasoning_text", ["text"] = streamed });
        Keep(start, kept, item.GetRawText().Length + streamed.Length);
    }

    // In the order in which the items started, also if they complete in another one.
    private void Keep(int start, JsonObject item, int length)
    {
        _budget.Add(length);
        _items.Insert(_place ?? (_items.FindLastIndex(kept => kept.Start < start) + 1), (start, item));
    }

    // Some servers send items in the complete response only, whose order is the one to keep.
    private void CompleteAll(JsonElement response)
    {
        var before = new Dictionary<string, int>(_completed, StringComparer.Ordinal);
        var calls = _calls.Where(static call => call.Value.Id is { Length: > 0 }).ToList();
        _place = 0;
        foreach (var (place, item) in OutputItem.Parts(response, "output").Index())
        {
            if (MessageJson.Text(item, "type") is not { } type)
                continue;
            var left = before.GetValueOrDefault(type);
            before[type] = left - 1;
            if (left > 0)
            {
                var kept = _items.FindIndex(_place.Value, each => (string?)each.Item["type"] == type);
                _place = kept < 0 ? _place : kept + 1;
                continue;
            }

            var count = _items.Count;
            Complete(type == "function_call" ? IndexOfCall(item, place, calls) : place, item);
            _place += _items.Count - count;
        }
    }

    // Servers may number the streamed calls in another way than those of the complete response, and two calls may have the same id.
    private static int IndexOfCall(JsonElement item, int place, List<KeyValuePair<int, Call>> streamed)
    {
        if (MessageJson.Text(item, "call_id") is not { Length: > 0 } id)
            return place;
        var known = streamed.FindIndex(call => call.Value.Id == id);
        if (known < 0)
            return -1 - place;
        var index = streamed[known].Key;
        streamed.RemoveAt(known);
        return index;
    }

    private void End(JsonElement response, bool isIncomplete = false, bool isWhole = false)
    {
        var status = MessageJson.Text(response, "status");
        if (status is "failed" or "cancelled" || (isWhole && status is ("in_progress" or "queued")))
        {
            _finish = FinishReason.Error;
            return;
        }

        CompleteAll(response);
        _texts.End();
        _model = MessageJson.Text(response, "model");
        if (response.TryGetProperty("usage", out var usage) && usage.ValueKind is JsonValueKind.Object)
        {
            var reader = new Utf8JsonReader(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(usage));
            reader.Read();
            if (UsageJson.Read(ref reader) is { } counted)
                Found.Add(ModelChunk.OfUsage(counted));
        }

        var reason = response.TryGetProperty("incomplete_details", out var details) ? MessageJson.Text(details, "reason") : null;
        _finish = (reason is null ? null : FinishReason.From(reason))
            ?? (isIncomplete || status == "incomplete" ? FinishReason.Length : _callCount > 0 ? FinishReason.ToolCalls : FinishReason.Stop);
        IsDone = true;
    }

    private sealed class Call(int index, string? id)
    {
        public int Index => index;

        public string? Id => id;

        public bool HasArguments { get; set; }
    }
}

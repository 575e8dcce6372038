using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>Collects the fields of an answer that the provider wants back: signatures, encrypted reasoning, the field that reasoning arrived in.</summary>
internal sealed class AnswerState
{
    private readonly JsonObject _message = [];
    private readonly Dictionary<string, List<Part>> _parts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, JsonObject> _calls = [];

    /// <summary>The field that reasoning text arrived in first.</summary>
    public string? ReasoningField { get; set; }

    public void Add(string field, JsonNode value) => _message[field] = value;

    /// <summary>Adds elements of an array that is streamed in pieces, such as `reasoning_details`: pieces of one text are joined.</summary>
    public void AddParts(string field, JsonArray parts)
    {
        if (!_parts.TryGetValue(field, out var known))
            _parts.Add(field, known = []);
        foreach (var part in parts.OfType<JsonObject>())
        {
            if (known.Count == 0 || !known[^1].TryAppend(part))
                known.Add(new Part(part));
        }
    }

    public void AddToCall(int index, JsonObject fields)
    {
        if (!_calls.TryGetValue(index, out var known))
            _calls.Add(index, known = []);
        foreach (var (name, value) in fields)
            known[name] = value?.DeepClone();
    }

    /// <summary>What was collected, or null where that is nothing.</summary>
    public ModelState? Build()
    {
        foreach (var (field, parts) in _parts)
            _message[field] = new JsonArray([.. parts.Select(part => part.ToJson())]);
        if (_message.Count == 0 && _calls.Count == 0 && ReasoningField is null)
            return null;
        return new ModelState
        {
            ReasoningField = ReasoningField,
            Message = _message.Count > 0 ? ToRaw(_message) : null,
            ToolCalls = _calls.ToDictionary(call => call.Key, call => ToRaw(call.Value)),
        };
    }

    private static RawJson ToRaw(JsonObject json) => new(JsonSerializer.SerializeToUtf8Bytes(json, EngineJson.Relaxed.JsonObject));

    /// <summary>One element of a streamed array; its text fields grow.</summary>
    private sealed class Part
    {
        private static readonly string[] TextFields = ["text", "summary", "thinking"];

        private readonly JsonObject _fields;
        private readonly Dictionary<string, StringBuilder> _texts = new(StringComparer.Ordinal);

        public Part(JsonObject first)
        {
            _fields = first.DeepClone().AsObject();
            AppendTexts(first);
        }

        public bool TryAppend(JsonObject next)
        {
            // An element that is signed is complete, and one without text is an element of its own.
            if (_texts.Count == 0 || Has("signature") || !Same("type", next) || !Same("index", next))
                return false;
            foreach (var (name, value) in next)
            {
                if (value is not null)
                    _fields[name] = value.DeepClone();
            }

            AppendTexts(next);
            return true;
        }

        public JsonObject ToJson()
        {
            foreach (var (name, text) in _texts)
                _fields[name] = text.ToString();
            return _fields;
        }

        private bool Has(string field) => _fields[field] is not null;

        private bool Same(string field, JsonObject other) => JsonNode.DeepEquals(_fields[field], other[field]);

        private void AppendTexts(JsonObject part)
        {
            foreach (var field in TextFields)
            {
                if (part[field] is not JsonValue value || !value.TryGetValue(out string? text))
                    continue;
                if (!_texts.TryGetValue(field, out var known))
                    _texts.Add(field, known = new StringBuilder());
                known.Append(text);
            }
        }
    }
}

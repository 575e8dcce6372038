using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FuncChat.Engine.Models.Responses;

/// <summary>The texts of a response's messages. Their deltas may take turns: the text of one is shown when that of the one before is complete.</summary>
/// <param name="shown">Gets the chunks of what is shown.</param>
internal sealed class MessageTexts(List<ModelChunk> shown)
{
    private readonly StreamedTexts _streamed = new();
    private readonly SortedDictionary<int, ArrayBufferWriter<byte>> _waiting = [];
    private readonly Dictionary<int, JsonObject> _placesOfWaiting = [];
    private int? _current;
    private bool _hasText;
    private bool _followsMessage;
    private bool _isSeparated;

    public void AddDelta(int outputIndex, ReadOnlyMemory<byte> text)
    {
        var isStart = !_streamed.Has(outputIndex);
        _streamed.Add(outputIndex, text);
        if (_current is { } current && current != outputIndex && _streamed.Has(current))
        {
            if (!_waiting.TryGetValue(outputIndex, out var waiting))
                _waiting.Add(outputIndex, waiting = new ArrayBufferWriter<byte>());
            waiting.Write(text.Span);
            return;
        }

        _current = outputIndex;
        Show(text, isStart);
    }

    public void AddRefusalDelta(int outputIndex, ReadOnlyMemory<byte> refusal)
    {
        _streamed.Add(outputIndex, refusal);
        shown.Add(ModelChunk.OfRefusal(refusal));
    }

    /// <summary>Shows what was not streamed of a message that is complete.</summary>
    /// <returns>The message's place in the model's state.</returns>
    public JsonObject Complete(int outputIndex, JsonElement message)
    {
        if (!_streamed.Remove(outputIndex, OutputItem.Text(message, "content")))
            Show(message);
        var place = PlaceOf(message);
        if (_waiting.ContainsKey(outputIndex))
            _placesOfWaiting[outputIndex] = place;
        _followsMessage = true;
        ShowWaiting(isEnd: false);
        return place;
    }

    /// <summary>Shows what still waits: no more text comes.</summary>
    public void End() => ShowWaiting(isEnd: true);

    private void ShowWaiting(bool isEnd)
    {
        while (_waiting.Count > 0 && (isEnd || _current is not { } current || !_streamed.Has(current)))
        {
            var (index, text) = _waiting.First();
            _waiting.Remove(index);
            _current = index;
            _followsMessage = true;
            Show(text.WrittenMemory, isStart: true);
            if (_isSeparated && _placesOfWaiting.TryGetValue(index, out var place))
                (place["separated"], _isSeparated) = (true, false);
        }
    }

    private void Show(JsonElement message)
    {
        foreach (var part in OutputItem.Parts(message, "content"))
        {
            var refusal = MessageJson.Text(part, "refusal");
            var text = EscapedText.From(MessageJson.Text(part, "text") ?? refusal ?? "");
            if (refusal is null)
                Show(text, isStart: true);
            else
                shown.Add(ModelChunk.OfRefusal(text));
        }
    }

    // The texts of two messages of one response are separated like those of two rounds.
    private void Show(ReadOnlyMemory<byte> text, bool isStart)
    {
        if (text.IsEmpty)
            return;
        if (isStart && _followsMessage && _hasText)
        {
            _isSeparated = true;
            shown.Add(ModelChunk.OfText("\\n\\n"u8.ToArray()));
        }

        _followsMessage &= !isStart;
        _hasText = true;
        shown.Add(ModelChunk.OfText(text));
    }

    private JsonObject PlaceOf(JsonElement message)
    {
        var place = new JsonObject { ["type"] = "message" };
        if (MessageJson.Text(message, "phase") is { } phase)
            place["phase"] = phase;
        place["length"] = OutputItem.Text(message, "content").Length;
        if (_isSeparated)
            place["separated"] = true;
        _isSeparated = false;
        return place;
    }
}

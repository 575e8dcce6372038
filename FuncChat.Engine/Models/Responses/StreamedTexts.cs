using System.Buffers;
using FuncChat.Tools;

namespace FuncChat.Engine.Models.Responses;

/// <summary>The texts of deltas whose items are not complete yet. Some servers send deltas with another index than their item, or with none.</summary>
internal sealed class StreamedTexts
{
    private readonly Dictionary<int, ArrayBufferWriter<byte>> _texts = [];

    public void Add(int outputIndex, ReadOnlyMemory<byte> delta)
    {
        if (delta.IsEmpty)
            return;
        if (!_texts.TryGetValue(outputIndex, out var text))
            _texts.Add(outputIndex, text = new ArrayBufferWriter<byte>());
        text.Write(delta.Span);
    }

    public bool Has(int outputIndex) => _texts.ContainsKey(outputIndex);

    /// <summary>The text of the deltas with this index, which it removes; empty if there were none.</summary>
    public string Take(int outputIndex) => _texts.Remove(outputIndex, out var text) ? JsonStringBytes.Unescape(LoneSurrogates.Replace(text.WrittenMemory).Span) : "";

    /// <summary>Whether there were deltas of the item that is complete now and has this text.</summary>
    public bool Remove(int outputIndex, string text)
    {
        foreach (var (index, streamed) in _texts.OrderBy(each => each.Key != outputIndex))
        {
            var all = JsonStringBytes.Unescape(LoneSurrogates.Replace(streamed.WrittenMemory).Span);
            var isStart = text.Length > 0 && all.StartsWith(text, StringComparison.Ordinal);

            // Some servers trim the text of the complete item.
            if (index != outputIndex && !isStart && !text.StartsWith(all, StringComparison.Ordinal) && all.Trim() != text.Trim())
                continue;

            // What is left belongs to items that follow.
            _texts.Remove(index);
            if (isStart && all.Length > text.Length)
                Add(index, EscapedText.From(all[text.Length..]));
            return true;
        }

        return false;
    }
}

namespace FuncChat.Engine.Models;

/// <summary>
/// The fast path of a text chunk. Within one answer a provider's text chunks differ in nothing but their text, so the bytes around the
/// text of one parsed chunk are kept. A chunk with the same bytes around a valid string is the same chunk with another text, and needs no
/// parsing. This assumes nothing about key order or spacing, and can't mistake anything else (a finish_reason, a tool call, usage, an
/// error) for text: any other byte outside of the string is another shape, which the parser reads. OpenAI pads its chunks with a string
/// of random length after the text, which may differ too.
/// </summary>
/// <remarks>
/// Measured on one core, chunks of 264 bytes, SSE included: 8 to 15 million a second, against 0.8 million by <see cref="OpenAi.ChunkParser"/>
/// alone.
/// </remarks>
internal sealed class ChunkTemplate
{
    // Longer chunks are rare, and not worth a copy.
    private const int LongestChunk = 16 * 1024;

    private byte[] _learned = [];
    private Range _before;
    private Range _between;
    private Range _after;
    private bool _hasPadding;

    public ModelChunkKind Kind { get; private set; }

    /// <summary>Keeps the shape of a chunk that holds nothing but a piece of text.</summary>
    /// <param name="text">The position of the inside of the text's string.</param>
    /// <param name="padding">The position of the inside of a meaningless string after the text, if there is one.</param>
    public void Learn(ReadOnlySpan<byte> chunk, ModelChunkKind kind, JsonStringRange text, JsonStringRange? padding)
    {
        if (chunk.Length > LongestChunk)
            return;
        if (_learned.Length < chunk.Length)
            _learned = new byte[chunk.Length + 64];
        chunk.CopyTo(_learned);
        Kind = kind;
        _before = ..text.Start;
        _hasPadding = padding?.Start > text.End;
        _between = text.End..(_hasPadding ? padding!.Value.Start : chunk.Length);
        _after = (_hasPadding ? padding!.Value.End : chunk.Length)..chunk.Length;
    }

    /// <summary>Finds the text of a chunk of the learned shape.</summary>
    public bool TryMatch(ReadOnlySpan<byte> chunk, out JsonStringRange text)
    {
        text = default;
        ReadOnlySpan<byte> learned = _learned;
        var before = learned[_before];
        if (before.IsEmpty || !chunk.StartsWith(before))
            return false;
        var length = JsonStringBytes.LengthOf(chunk[before.Length..]);
        // The parser reads a chunk with an empty text, since its text may be elsewhere.
        if (length <= 0)
            return false;
        text = new JsonStringRange(before.Length, length);
        var rest = chunk[text.End..];
        var between = learned[_between];
        if (!_hasPadding)
            return rest.SequenceEqual(between);
        if (!rest.StartsWith(between))
            return false;
        rest = rest[between.Length..];
        var padding = JsonStringBytes.LengthOf(rest);
        return padding >= 0 && rest[padding..].SequenceEqual(learned[_after]);
    }
}

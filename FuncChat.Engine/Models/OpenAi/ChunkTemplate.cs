namespace FuncChat.Engine.Models.OpenAi;

/// <summary>
/// The fast way through a text chunk. Within one answer a provider's text chunks differ in nothing but their text, so the bytes around the
/// text of one chunk that the reader has understood are kept, and a chunk with the same bytes around a valid string is known, without
/// parsing, to be that chunk with another text. It needs no assumption about key order or spacing, and cannot take anything else (a
/// finish_reason, a tool call, usage, an error) for text: any other byte outside of the string is another shape, which the reader gets.
/// OpenAI pads its chunks with a string of random length behind the text; that one may differ, too.
/// </summary>
/// <remarks>
/// Measured on one core, chunks of 264 bytes, SSE included: 8 to 15 million a second against 0.8 million by <see cref="ChunkParser"/>
/// alone.
/// </remarks>
internal sealed class ChunkTemplate
{
    // A longer chunk is no usual one, and not worth keeping a copy of.
    private const int LongestChunk = 16 * 1024;

    private byte[] _learned = [];
    private Range _before;
    private Range _between;
    private Range _after;
    private bool _hasPadding;

    public ModelChunkKind Kind { get; private set; }

    /// <summary>Keeps the shape of a chunk that holds nothing but a piece of text.</summary>
    /// <param name="text">Where the inside of the text's string lies in the chunk.</param>
    /// <param name="padding">Where the inside of a string without meaning lies, if there is one behind the text.</param>
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
        // An empty text goes to the reader, which may then find its text elsewhere in the chunk.
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

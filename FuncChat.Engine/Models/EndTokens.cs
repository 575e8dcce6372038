using System.Text;

namespace FuncChat.Engine.Models;

/// <summary>Removes the token with which a model ends its answer from the end of the text, where servers with a wrong chat template send it.</summary>
internal sealed class EndTokens
{
    // No mark of HTML or XML: an answer may end with one.
    private static readonly byte[][] Tokens =
    [
        .. ((string[])["<|im_end|>", "<|endoftext|>", "<|end_of_text|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<|return|>", "<end_of_turn>", "<｜end▁of▁sentence｜>"])
            .Select(Encoding.UTF8.GetBytes),
    ];

    private static readonly int LongestToken = Tokens.Max(token => token.Length) + (2 * ("\\u003c".Length - 1));

    private byte[] _held = [];

    /// <summary>Whether a chunk can be passed on as it is, as nearly all can.</summary>
    public bool Passes(in ModelChunk chunk) => _held.Length == 0 && (chunk.Kind is not ModelChunkKind.Text || StartOfToken(chunk.EscapedText.Span) < 0);

    /// <summary>What to pass on for a chunk that does not pass. The start of a token is held until it is known what follows.</summary>
    public IReadOnlyList<ModelChunk> Split(ModelChunk chunk)
    {
        switch (chunk.Kind)
        {
            case ModelChunkKind.Text:
                ReadOnlyMemory<byte> text = _held.Length == 0 ? chunk.EscapedText : (byte[])[.. _held, .. chunk.EscapedText.Span];
                var start = StartOfToken(text.Span);
                _held = start < 0 ? [] : text[start..].ToArray();
                text = start < 0 ? text : text[..start];
                return text.IsEmpty ? [] : [ModelChunk.OfText(text)];
            case ModelChunkKind.Reasoning or ModelChunkKind.Refusal or ModelChunkKind.ToolCall or ModelChunkKind.Finish when _held.Length > 0:
                var held = _held;
                _held = [];
                var isToken = chunk.Kind is ModelChunkKind.Finish or ModelChunkKind.ToolCall && Array.Exists(Tokens, token => Plain(held).AsSpan().SequenceEqual(token));
                return isToken ? [chunk] : [ModelChunk.OfText(held), chunk];
            default:
                return [chunk];
        }
    }

    // Where the end of a text begins that is a token, or the start of one; -1 where there is none.
    private static int StartOfToken(ReadOnlySpan<byte> text)
    {
        var tail = text[Math.Max(0, text.Length - LongestToken)..];
        if (!tail.ContainsAny((byte)'<', (byte)'\\'))
            return -1;
        var at = Math.Max(tail.LastIndexOf((byte)'<'), Math.Max(tail.LastIndexOf("\\u003c"u8), tail.LastIndexOf("\\u003C"u8)));
        if (at < 0)
            return -1;
        var (start, end) = (text.Length - tail.Length + at, Plain(tail[at..]));
        return !IsEscaped(text, start) && Array.Exists(Tokens, token => token.AsSpan().StartsWith(end)) ? start : -1;
    }

    // Whether what is there belongs to an escape that begins before: a backslash, which text about JSON has, is two of them.
    private static bool IsEscaped(ReadOnlySpan<byte> text, int at) => (at - (text[..at].LastIndexOfAnyExcept((byte)'\\') + 1)) % 2 > 0;

    // Some servers escape the brackets.
    private static byte[] Plain(ReadOnlySpan<byte> text) => text.IndexOf((byte)'\\') < 0
        ? text.ToArray()
        : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text).Replace("\\u003c", "<", StringComparison.OrdinalIgnoreCase).Replace("\\u003e", ">", StringComparison.OrdinalIgnoreCase));
}

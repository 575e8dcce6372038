using System.Text;

namespace FuncChat.Engine.Models;

/// <summary>Removes the tokens with which a model ends its answer from the end of the text, where servers with a wrong chat template send them.</summary>
internal sealed class EndTokens
{
    // No mark of HTML or XML: an answer may end with one.
    private static readonly byte[][] Tokens =
    [
        .. ((string[])["<|im_end|>", "<|endoftext|>", "<|end_of_text|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<|return|>", "<end_of_turn>", "<|END_RESPONSE|>", "<|END_OF_TURN_TOKEN|>", "<｜end▁of▁sentence｜>"])
            .Select(Encoding.UTF8.GetBytes),
    ];

    // Room for a few, and the line breaks that follow each. A model that is caught in a loop may write them without end.
    private const int LongestEnd = 1024;

    private byte[] _held = [];

    /// <summary>Whether a chunk can be passed on as it is, as nearly all can.</summary>
    public bool Passes(in ModelChunk chunk) => _held.Length == 0 && (chunk.Kind is not ModelChunkKind.Text || StartOfEnd(chunk.EscapedText.Span) < 0);

    /// <summary>What to pass on for a chunk that does not pass. What may be the end is held until it is known what follows.</summary>
    public IReadOnlyList<ModelChunk> Split(ModelChunk chunk)
    {
        switch (chunk.Kind)
        {
            case ModelChunkKind.Text:
                ReadOnlyMemory<byte> text = _held.Length == 0 ? chunk.EscapedText : (byte[])[.. _held, .. chunk.EscapedText.Span];
                var start = StartOfEnd(text.Span);
                _held = start < 0 ? [] : text[start..].ToArray();
                text = start < 0 ? text : text[..start];
                return text.IsEmpty ? [] : [ModelChunk.OfText(text)];
            case ModelChunkKind.Finish or ModelChunkKind.ToolCall when IsEnd(_held, isComplete: true):
                _held = [];
                return [chunk];
            case ModelChunkKind.Reasoning or ModelChunkKind.Refusal or ModelChunkKind.ToolCall or ModelChunkKind.Finish:
                return [.. Release(), chunk];
            default:
                return [chunk];
        }
    }

    /// <summary>What is held and is no end, if the answer breaks off.</summary>
    public IReadOnlyList<ModelChunk> BreakOff() => IsEnd(_held, isComplete: true) ? [] : Release();

    private IReadOnlyList<ModelChunk> Release()
    {
        var held = _held;
        _held = [];
        return held.Length == 0 ? [] : [ModelChunk.OfText(held)];
    }

    // Where the end of a text begins that is tokens, or the start of one; -1 where there is none.
    private static int StartOfEnd(ReadOnlySpan<byte> text)
    {
        for (var at = Math.Max(0, text.Length - LongestEnd); ; at++)
        {
            var next = text[at..].IndexOfAny((byte)'<', (byte)'\\');
            if (next < 0)
                return -1;
            at += next;
            if (StartsWithBracket(text[at..]) && !IsEscaped(text, at) && IsEnd(text[at..], isComplete: false))
                return at;
        }
    }

    private static bool StartsWithBracket(ReadOnlySpan<byte> text) => text[0] == '<' || text.StartsWith("\\u003c"u8) || text.StartsWith("\\u003C"u8);

    /// <summary>Whether a text is nothing but tokens and white space after them.</summary>
    /// <param name="isComplete">The last token is complete.</param>
    private static bool IsEnd(ReadOnlySpan<byte> escapedText, bool isComplete)
    {
        var text = Plain(escapedText);
        while (!text.IsEmpty)
        {
            var length = 0;
            foreach (var token in Tokens)
            {
                if (text.StartsWith(token))
                    length = token.Length;
                else if (!isComplete && token.AsSpan().StartsWith(text))
                    return true;
            }

            if (length == 0)
                return false;
            text = ThinkTags.TrimStart(text[length..]);
        }

        return !escapedText.IsEmpty;
    }

    // Whether what is there belongs to an escape that begins before: a backslash, which text about JSON has, is two of them.
    private static bool IsEscaped(ReadOnlySpan<byte> text, int at) => (at - (text[..at].LastIndexOfAnyExcept((byte)'\\') + 1)) % 2 > 0;

    // Some servers escape the brackets.
    private static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> text) => text.IndexOf((byte)'\\') < 0
        ? text
        : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text).Replace("\\u003c", "<", StringComparison.OrdinalIgnoreCase).Replace("\\u003e", ">", StringComparison.OrdinalIgnoreCase));
}

using System.Runtime.InteropServices;
using System.Text;

namespace FuncChat.Engine.Models;

/// <summary>
/// Separates a model's thoughts from its text. Servers without a parser for them send `&lt;think&gt;…&lt;/think&gt;`, or other tags of the model,
/// before the answer, and some models omit the opening tag, which their prompt holds.
/// </summary>
/// <param name="omitsOpeningTag">The model is known to omit the opening tag: its text is thoughts until the closing one.</param>
/// <param name="inChannel">The tags that may lack the opening one are Gemma's.</param>
internal sealed class ThinkTags(bool omitsOpeningTag = false, bool inChannel = false)
{
    private const string Channel = "<|channel>thought";
    private const string ChannelEnd = "<channel|>";
    private const string StartOfResponse = "<|start_response|>";

    // In lower case: models write them in any.
    private static readonly (byte[] Open, byte[] Close)[] Tags =
    [
        Pair("<think>", "</think>"),
        Pair("<thinking>", "</thinking>"),
        Pair("<thought>", "</thought>"),
        Pair("<reasoning>", "</reasoning>"),
        Pair("<seed:think>", "</seed:think>"),
        Pair("[think]", "[/think]"), // Magistral
        Pair("◁think▷", "◁/think▷"), // Kimi
        Pair("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"), // gpt-oss
        Pair("<|channel|>final<|message|>", ""), // gpt-oss without thoughts
        Pair("<|start|>assistant<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
        Pair("<|start|>assistant<|channel|>final<|message|>", ""),
        Pair(Channel, ChannelEnd), // Gemma
        Pair(ChannelEnd, ""), // Gemma without thoughts, its opening tag in the prompt
        Pair("<|start_thinking|>", "<|end_thinking|>"), // Cohere
        Pair(StartOfResponse, ""),
    ];

    // Those that models omit.
    private static readonly (byte[] Open, byte[] Close) ThinkPair = Tags[0];
    private static readonly (byte[] Open, byte[] Close) ChannelPair = Pair(Channel, ChannelEnd);
    private static readonly byte[] EscapedThinkEnd = Encoding.UTF8.GetBytes("\\u003c/think\\u003e");

    // Words that a text may begin with: without its closing tag, it is the answer.
    private static readonly byte[][] Words = [.. Tags.Select(tag => tag.Open).Where(open => open.AsSpan().IndexOfAny("|:"u8) < 0 && open[0] is (byte)'<' or (byte)'[').Skip(1)];

    private static readonly byte[] Response = Encoding.UTF8.GetBytes(StartOfResponse);

    // Characters of tags that some servers escape.
    private static readonly (byte[] Escape, byte[] Plain)[] Escapes =
        [.. "<>◁▷".Select(c => (Encoding.UTF8.GetBytes($"\\u{(int)c:x4}"), Encoding.UTF8.GetBytes(c.ToString())))];

    // A model that is caught in a loop may write white space without end.
    private const int LongestSpace = 256;

    private readonly (byte[] Open, byte[] Close) _omitted = inChannel ? ChannelPair : ThinkPair;
    private readonly List<byte> _held = [];
    private readonly List<byte> _unclosed = [];
    private readonly List<byte> _thoughts = [];
    private byte[]? _open;
    private byte[]? _close;
    private bool _isClosed;
    private bool _isAssumed;
    private bool _isWord;
    private bool _endsLine = true;
    private bool _endsWithTag;
    private bool _isCode;
    private int _skippedSpace;

    /// <summary>No thoughts follow: further chunks need not be split.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether this answer had any text.</summary>
    public bool HasText { get; private set; }

    /// <summary>Whether this answer had thoughts without an opening tag.</summary>
    public bool OmitsOpeningTag { get; private set; }

    /// <summary>Whether this answer had Gemma's opening tag.</summary>
    public bool HasChannel => _open is not null && Encoding.UTF8.GetString(_open) == Channel;

    private ReadOnlySpan<byte> Held => CollectionsMarshal.AsSpan(_held);

    /// <summary>Where a complete answer begins after thoughts that have a closing tag only, on a line of its own; 0 where there are none.</summary>
    public static int StartOfAnswer(ReadOnlySpan<byte> escapedText)
    {
        foreach (var (open, close) in (ReadOnlySpan<(string, string)>)[("<think>", "</think>"), ("\\u003cthink\\u003e", "\\u003c/think\\u003e")])
        {
            var tag = Encoding.UTF8.GetBytes(close);
            var at = escapedText.IndexOf(tag);
            if (at < 0)
                continue;
            var before = escapedText[..at];
            var after = escapedText[(at + tag.Length)..];
            var isAlone = (before.IsEmpty || before.EndsWith("\\n"u8)) && (after.IsEmpty || after.StartsWith("\\n"u8));
            if (isAlone && before.IndexOf(Encoding.UTF8.GetBytes(open)) < 0)
                return escapedText.Length - TrimStart(after).Length;
        }

        return 0;
    }

    /// <summary>A text without the white space before it.</summary>
    public static ReadOnlySpan<byte> TrimStart(ReadOnlySpan<byte> escapedText)
    {
        while (true)
        {
            if (escapedText.StartsWith(" "u8))
                escapedText = escapedText[1..];
            else if (escapedText.StartsWith("\\n"u8) || escapedText.StartsWith("\\r"u8) || escapedText.StartsWith("\\t"u8))
                escapedText = escapedText[2..];
            else
                return escapedText;
        }
    }

    /// <summary>The chunk, its text split into thoughts and answer.</summary>
    public IReadOnlyList<ModelChunk> Split(ModelChunk chunk) => chunk.Kind switch
    {
        ModelChunkKind.Text => AddText(chunk.EscapedText.Span),
        ModelChunkKind.Usage or ModelChunkKind.Retry or ModelChunkKind.State or ModelChunkKind.Sources => [chunk],

        // Reasoning in a field of its own, or the end of the text.
        _ => [.. Flush(isEnd: chunk.Kind is ModelChunkKind.Finish && chunk.FinishReason is FinishReason.Stop), .. Repeats(chunk) ? (ReadOnlySpan<ModelChunk>)[] : [chunk]],
    };

    /// <summary>What is held, if the answer breaks off.</summary>
    public IReadOnlyList<ModelChunk> BreakOff() => Release(_close is null || _isClosed ? ModelChunkKind.Text : ModelChunkKind.Reasoning, _held.Count);

    /// <summary>Whether a chunk has the thoughts that the tags held: some servers send them again at the end, in a field of their own.</summary>
    public bool Repeats(ModelChunk chunk) =>
        chunk.Kind is ModelChunkKind.Reasoning && _thoughts.Count > 0
        && Trim(chunk.EscapedText.Span).SequenceEqual(Trim(CollectionsMarshal.AsSpan(_thoughts)));

    /// <summary>Looks for a closing tag without an opening one in text that is not split any more. Models have a token for it.</summary>
    public void Watch(ReadOnlySpan<byte> escapedText)
    {
        if (_isClosed || (OmitsOpeningTag && !_endsWithTag))
            return;
        HasText = true;
        if (inChannel)
        {
            var plain = new List<byte>(escapedText.Length);
            AddPlain(plain, escapedText);
            WatchChannel(CollectionsMarshal.AsSpan(plain));
            return;
        }

        var line = TrimStart(escapedText);
        var isTag = line.StartsWith(_omitted.Close) ? line[_omitted.Close.Length..] : line.StartsWith(EscapedThinkEnd) ? line[EscapedThinkEnd.Length..] : escapedText;
        OmitsOpeningTag = isTag.Length < line.Length && TrimStart(isTag).IsEmpty && (_endsLine || line.Length < escapedText.Length);
        _endsLine = escapedText.EndsWith("\\n"u8);
    }

    // Gemma's closing tag need not be on a line of its own, but follows the end of a line or sentence, and the answer follows directly. Elsewhere, an answer quotes it.
    private void WatchChannel(ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            if (_endsWithTag)
            {
                OmitsOpeningTag = rest[0] is not ((byte)' ' or (byte)'`');
                _endsWithTag = false;
                if (OmitsOpeningTag)
                    return;
            }

            var at = rest.IndexOf(_omitted.Close);
            var before = at < 0 ? rest : rest[..at];
            _isCode ^= before.Count((byte)'`') % 2 == 1;
            if (!before.IsEmpty)
                _endsLine = before.EndsWith("\\n"u8) || before[^1] is (byte)'.' or (byte)'!' or (byte)'?' || before.EndsWith("。"u8);
            if (at < 0)
                return;
            OmitsOpeningTag = _endsWithTag = _endsLine && !_isCode;
            _endsLine = false;
            rest = rest[(at + _omitted.Close.Length)..];
        }
    }

    private List<ModelChunk> AddText(ReadOnlySpan<byte> piece)
    {
        HasText = true;
        AddPlain(_held, piece);
        if (_isClosed)
            return AfterThoughts();
        if (_close is not null || TryOpen())
            return Inside();
        if (!IsOver)
            return [];
        Watch(piece);
        return Release(ModelChunkKind.Text, _held.Count);
    }

    // False while the text may still begin with a tag, and once it is known that it does not.
    private bool TryOpen()
    {
        var text = TrimStart(Held);
        var mayOpen = false;
        foreach (var (open, close) in Tags)
        {
            // In brackets, it may be the text of a link, which is hardly written as the token is.
            var isBracket = open[0] is (byte)'[' && !text.StartsWith("[THINK]"u8);
            if (StartsWith(text, open) && !(isBracket && (text.Length == open.Length || text[open.Length] is (byte)'(' or (byte)'[' or (byte)':')))
            {
                var tag = _held[..(_held.Count - text.Length + open.Length)];
                _held.RemoveRange(0, tag.Count);
                _open = open;
                _close = close;
                _isWord = Words.Contains(open);
                if (_isWord)
                    _unclosed.AddRange(tag);
                return true;
            }

            mayOpen |= text.Length < open.Length + (isBracket ? 1 : 0) && StartsWith(text, open.AsSpan(0, Math.Min(text.Length, open.Length)));
        }

        if (mayOpen && _held.Count <= LongestSpace)
            return false;
        _isAssumed = omitsOpeningTag;
        (_open, _close) = _isAssumed ? _omitted : default;
        IsOver = !_isAssumed;
        return _isAssumed;
    }

    private List<ModelChunk> Inside()
    {
        var at = IndexOf(Held, _close);
        if (at < 0)
            return Release(ModelChunkKind.Reasoning, _held.Count - LengthOfStart(Held, _close!));
        OmitsOpeningTag |= _isAssumed || (inChannel && _open.AsSpan().SequenceEqual(_omitted.Close));
        _isClosed = true;
        var thoughts = Release(ModelChunkKind.Reasoning, at);
        _held.RemoveRange(0, _close!.Length);
        return [.. thoughts, .. AfterThoughts()];
    }

    private List<ModelChunk> AfterThoughts()
    {
        var space = _held.Count - TrimStart(Held).Length;
        if (space <= LongestSpace)
            _held.RemoveRange(0, space);
        _skippedSpace += space;
        if (_skippedSpace <= LongestSpace)
        {
            // Words may begin the answer; for these, the models have tokens.
            var again = _isWord || _close is not [(byte)'<', ..] ? null : _open;
            if (again is not null && StartsWith(Held, again))
            {
                _held.RemoveRange(0, again.Length);
                _isClosed = _isAssumed = false;
                return [ModelChunk.OfReasoning("\\n\\n"u8.ToArray()), .. Inside()];
            }

            var start = _close is [(byte)'<', (byte)'|', ..] ? Response : null;
            if (start is not null && StartsWith(Held, start))
            {
                _held.RemoveRange(0, start.Length);
                return AfterThoughts();
            }

            if (IsPartOf(again) || IsPartOf(start))
                return [];
        }

        IsOver = _held.Count > 0 || _skippedSpace > LongestSpace;
        return Release(ModelChunkKind.Text, _held.Count);
    }

    private bool IsPartOf(byte[]? tag) => tag is not null && _held.Count < tag.Length && StartsWith(Held, tag.AsSpan(0, _held.Count));

    /// <param name="isEnd">The answer ends here, and was not cut.</param>
    private List<ModelChunk> Flush(bool isEnd)
    {
        IsOver = true;

        // Without a closing tag the assumed thoughts were the answer.
        var isAnswer = !_isClosed && (_isAssumed || (_isWord && isEnd));
        if (isAnswer)
            _held.InsertRange(0, _unclosed);
        return Release(_close is null || isAnswer || _isClosed ? ModelChunkKind.Text : ModelChunkKind.Reasoning, _held.Count);
    }

    private List<ModelChunk> Release(ModelChunkKind kind, int count)
    {
        if (count == 0)
            return [];
        var text = Held[..count].ToArray();
        _held.RemoveRange(0, count);
        if ((_isAssumed || _isWord) && !_isClosed)
            _unclosed.AddRange(text);
        if (kind is ModelChunkKind.Reasoning)
            _thoughts.AddRange(text);
        return [kind is ModelChunkKind.Text ? ModelChunk.OfText(text) : ModelChunk.OfReasoning(text)];
    }

    private static void AddPlain(List<byte> plain, ReadOnlySpan<byte> escapedText)
    {
        for (var at = 0; at < escapedText.Length;)
        {
            var length = escapedText[at] != '\\' ? 1 : escapedText[at + 1] == 'u' ? 6 : 2;
            plain.AddRange(length == 6 ? Unescape(escapedText.Slice(at, length)) : escapedText.Slice(at, length));
            at += length;
        }
    }

    private static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> unit)
    {
        foreach (var (escape, plain) in Escapes)
        {
            if (StartsWith(unit, escape))
                return plain;
        }

        return unit;
    }

    // How much of the text's end may be the start of the tag.
    private static int LengthOfStart(ReadOnlySpan<byte> text, ReadOnlySpan<byte> tag)
    {
        for (var length = Math.Min(tag.Length - 1, text.Length); length > 0; length--)
        {
            if (StartsWith(text[^length..], tag[..length]))
                return length;
        }

        return 0;
    }

    private static int IndexOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> tag)
    {
        for (var at = 0; at <= text.Length - tag.Length; at++)
        {
            if (StartsWith(text[at..], tag))
                return at;
        }

        return -1;
    }

    // In any case. The tag is in lower case.
    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> tag)
    {
        if (text.Length < tag.Length)
            return false;
        for (var at = 0; at < tag.Length; at++)
        {
            if (text[at] != tag[at] && !(char.IsAsciiLetterUpper((char)text[at]) && (text[at] | 0x20) == tag[at]))
                return false;
        }

        return true;
    }

    private static (byte[] Open, byte[] Close) Pair(string open, string close) => (Encoding.UTF8.GetBytes(open), Encoding.UTF8.GetBytes(close));

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> escapedText)
    {
        escapedText = TrimStart(escapedText);
        while (true)
        {
            if (escapedText.EndsWith(" "u8))
                escapedText = escapedText[..^1];
            else if (escapedText.EndsWith("\\n"u8) || escapedText.EndsWith("\\r"u8) || escapedText.EndsWith("\\t"u8))
                escapedText = escapedText[..^2];
            else
                return escapedText;
        }
    }
}

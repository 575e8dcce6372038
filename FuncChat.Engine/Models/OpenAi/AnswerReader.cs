using System.Text.Json;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>
/// The bytes of one answer, turned into chunks as they come. The finish is held back until the stream has ended well, so that an answer
/// that breaks after its finish_reason is never taken for whole.
/// </summary>
internal sealed class AnswerReader : IDisposable
{
    /// <summary>The longest event, and the longest answer that is no stream.</summary>
    public const int DefaultLimit = 4 * 1024 * 1024;

    private static ReadOnlySpan<byte> SpaceOrMark => [(byte)' ', (byte)'\t', (byte)'\r', (byte)'\n', 0xEF, 0xBB, 0xBF];

    private readonly ProviderErrorMapper _failures;
    private readonly ReceiveBuffer _received;
    private readonly SseReader _events;
    private readonly ChunkParser _parser = new();
    private readonly ChunkTemplate _shape = new();
    private int _next;
    private bool _isDone;
    private bool _isEnded;
    private bool _isFinished;
    private AnswerForm _form;

    public AnswerReader(ProviderErrorMapper failures, int limit = DefaultLimit)
    {
        _failures = failures;
        _received = new ReceiveBuffer(limit);
        _events = new SseReader(_received, limit);
    }

    /// <summary>No chunk will come any more.</summary>
    public bool IsOver => _isFinished && _next == _parser.Found.Count;

    /// <summary>Room for the next read; what chunks held until now is void.</summary>
    /// <exception cref="ModelException">The answer is too long to be one.</exception>
    public Memory<byte> Space()
    {
        try
        {
            return _received.Space();
        }
        catch (InvalidDataException tooLong)
        {
            throw _failures.NotUnderstood("an event that is too long", tooLong);
        }
    }

    /// <summary>Adds what was read into <see cref="Space"/>; 0 bytes are the end.</summary>
    public void Received(int count)
    {
        _received.Received(count);
        _isEnded |= count == 0;
    }

    /// <summary>The next chunk, if one is whole.</summary>
    /// <exception cref="ModelException">The provider reports an error, or what it sent is no answer.</exception>
    public bool TryRead(out ModelChunk chunk)
    {
        try
        {
            // The way of nearly every chunk: an event with the shape of the one before, whose text is handed out where it lies.
            while (_next == _parser.Found.Count && TryReadEvent(out var data))
            {
                if (!_events.IsError && _shape.TryMatch(data.Span, out var text))
                {
                    var inside = data.Slice(text.Start, text.Length);
                    chunk = _shape.Kind is ModelChunkKind.Text ? ModelChunk.OfText(inside) : ModelChunk.OfReasoning(inside);
                    return true;
                }
                Parse(data);
            }
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // The latter is what half a surrogate pair in a name throws. JSON allows it.
            throw _failures.NotUnderstood("something that is no chat completion", malformed);
        }
        catch (InvalidDataException tooLong)
        {
            throw _failures.NotUnderstood("an event that is too long", tooLong);
        }

        if (_next == _parser.Found.Count && (_isDone || _isEnded) && !_isFinished)
            Finish();
        if (_next == _parser.Found.Count)
        {
            chunk = default;
            return false;
        }
        chunk = _parser.Found[_next++];
        return true;
    }

    public void Dispose() => _received.Dispose();

    private bool TryReadEvent(out ReadOnlyMemory<byte> data)
    {
        data = default;
        if (_isDone || (_form is AnswerForm.Unknown && !TryTellForm()))
            return false;
        if (_form is AnswerForm.Stream)
            return _events.TryRead(_isEnded, out data);
        if (!_isEnded)
            return false;
        _isDone = true;
        var length = _received.Unread.TrimStart(SpaceOrMark).Length;
        data = _received.Slice(_received.Unread.Length - length, length);
        return true;
    }

    /// <summary>
    /// Some providers stream under a wrong content type, and some send a whole completion, or a page of HTML, with status 200 where a
    /// stream was asked for. The first byte tells more surely: no event stream begins with a brace.
    /// </summary>
    private bool TryTellForm()
    {
        // The bytes of a byte order mark count as space here, so that it may come in pieces.
        var begin = _received.Unread.TrimStart(SpaceOrMark);
        if (begin.IsEmpty)
            return false;
        _form = begin[0] switch
        {
            (byte)'{' => AnswerForm.Whole,
            (byte)'<' => throw _failures.NotUnderstood("a web page instead of an answer"),
            _ => AnswerForm.Stream,
        };
        return true;
    }

    private void Parse(ReadOnlyMemory<byte> data)
    {
        var text = data.Span.Trim(" \t"u8);
        if (text.IsEmpty)
            return;
        if (text.SequenceEqual("[DONE]"u8))
        {
            _isDone = true;
            return;
        }
        if (_events.IsError)
            throw _failures.Reported(ProviderError.From(data));
        _next = 0;
        if (!_parser.TryParse(data))
            throw _failures.Reported(ProviderError.From(data));
        _parser.Teach(_shape);
    }

    private void Finish()
    {
        // Without finish_reason only `[DONE]`, or a completion that came in one piece, says that the answer is whole.
        var reason = _parser.FinishReason;
        if (reason is null && _isDone && _parser.HasAnswer)
            reason = _parser.HasToolCalls ? "tool_calls" : "stop";
        if (reason is null)
            throw _failures.BrokenOff();
        _parser.Found.Add(ModelChunk.OfFinish(reason, _parser.Model));
        _isFinished = true;
    }

    private enum AnswerForm
    {
        Unknown,
        Stream,
        Whole,
    }
}

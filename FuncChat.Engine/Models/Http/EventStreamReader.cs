using System.Text;
using System.Text.Json;

namespace FuncChat.Engine.Models.Http;

/// <summary>
/// The bytes of one answer, turned into chunks as they arrive. The finish is held back until the stream has ended, since text and usage may
/// follow the finish reason. Errors that follow it are ignored: they take nothing from the answer. A subclass reads the events of one API.
/// </summary>
internal abstract class EventStreamReader : IDisposable
{
    /// <summary>
    /// Bytes of comments, usage, empty deltas and other events that add nothing to the answer. A provider that waits sends one comment a second;
    /// without a limit a broken one could keep a core busy until the call times out.
    /// </summary>
    public const int WithoutContentLimit = 16 * 1024 * 1024;

    // The fields around a piece of text, and Perplexity's list of sources, are part of it. Anything longer counts as without content.
    private const int LongestEnvelope = 64 * 1024;

    private readonly AnswerBytes _bytes;
    private readonly Queue<ModelChunk> _peeked = [];
    private int _next;
    private long _withoutContent;
    private bool _isFinished;
    private bool _hasBegun;
    private bool _hasAnswer;
    private bool _finishesEarly;
    private bool _hasNext;
    private byte[]? _unread;

    protected EventStreamReader(ProviderErrorMapper failures)
    {
        Failures = failures;
        _bytes = new AnswerBytes(failures);
    }

    /// <summary>The last chunk has been read.</summary>
    public bool IsOver => _isFinished && _next == Found.Count && _peeked.Count == 0;

    /// <summary>The finish has been read after the answer, and no content after it.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Nothing of the answer is missing if the connection ends now: it is complete, or a body of JSON that has arrived whole.</summary>
    public bool CanEnd => IsComplete || _bytes.HasWholeBody;

    /// <summary>How long the call has waited for something to follow the finish.</summary>
    public TimeSpan WaitedAfterFinish { get; set; }

    /// <summary>The answer is complete, and its finish came without content: those that come with content are not always the last.</summary>
    public bool ExpectsNoContent { get; private set; }

    /// <summary>The error that the provider sent in place of an answer, or of the rest of one; null before it has sent one.</summary>
    public CallRefusal? Refusal { get; private set; }

    protected ProviderErrorMapper Failures { get; }

    /// <summary>The event parsed last has the finish.</summary>
    protected bool HasFinish { get; set; }

    /// <summary>The chunks of the event parsed last.</summary>
    protected abstract List<ModelChunk> Found { get; }

    /// <summary>Nothing of interest follows in the stream.</summary>
    protected bool IsDone { get; set; }

    /// <summary>Room for the next read; the text of chunks read until now is no longer valid.</summary>
    /// <exception cref="ModelException">The answer is too long to be one.</exception>
    public Memory<byte> Space()
    {
        if (_withoutContent > WithoutContentLimit)
            throw Failures.NotUnderstood($"more than {WithoutContentLimit / (1024 * 1024)} MB without content");
        try
        {
            return _bytes.Space();
        }
        catch (InvalidDataException tooLong)
        {
            throw Failures.TooLarge(tooLong);
        }
    }

    /// <summary>Adds what was read into <see cref="Space"/>; 0 bytes are the end.</summary>
    public void Received(int count)
    {
        _bytes.Received(count);
        _withoutContent += count;
    }

    /// <summary>Nothing more will come, as the connection failed or is silent; only for an answer that can end.</summary>
    public void End() => _bytes.End();

    /// <summary>Whether the first chunk has arrived completely that is not usage, which an answer that ends empty may have, too.</summary>
    /// <exception cref="ModelException">The provider reports an error, or what it sent is no answer.</exception>
    public bool HasNext()
    {
        while (!_hasNext && TryReadNew(out var chunk))
        {
            _peeked.Enqueue(chunk);
            _hasNext = chunk.Kind is not ModelChunkKind.Usage;
        }

        return _hasNext;
    }

    /// <summary>The next chunk, if it has arrived completely.</summary>
    /// <exception cref="ModelException">The provider reports an error, or what it sent is no answer.</exception>
    public bool TryRead(out ModelChunk chunk) => _peeked.TryDequeue(out chunk) || TryReadNew(out chunk);

    public void Dispose() => _bytes.Dispose();

    /// <summary>The chunk of an event that is nothing but a piece of text of a known shape; its bytes stay in place.</summary>
    protected virtual bool TryReadFast(ReadOnlyMemory<byte> data, out ModelChunk chunk)
    {
        chunk = default;
        return false;
    }

    /// <summary>Reads an event, whose chunks replace those in <see cref="Found"/>, and sets <see cref="HasFinish"/> if it has one.</summary>
    /// <returns>False when it is, or holds, an error.</returns>
    /// <exception cref="JsonException">It is no JSON, or has another shape than the API's.</exception>
    protected abstract bool TryParse(ReadOnlyMemory<byte> data);

    /// <summary>Adds the finish to <see cref="Found"/>; the stream has ended.</summary>
    /// <exception cref="ModelException">The answer is not complete.</exception>
    protected abstract void Finish();

    private bool TryReadNew(out ModelChunk chunk)
    {
        try
        {
            while (_next == Found.Count && TryReadEvent(out var data))
            {
                if (!_bytes.IsError && TryReadFast(data, out chunk))
                {
                    CountContent(data.Length);
                    _hasAnswer |= IsOfAnswer(chunk);
                    return true;
                }
                ParseEvent(data);
            }

            if (_next == Found.Count && (IsDone || _bytes.IsEnded) && !_isFinished)
            {
                FinishOrReport();
                _isFinished = true;
            }
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            if (_bytes.IsCut)
                throw Failures.BrokenOff(malformed);

            // Half a surrogate pair in a name, which JSON allows, throws an InvalidOperationException.
            throw Failures.NotUnderstood("something that is not an answer of its API", malformed);
        }
        catch (InvalidDataException tooLong)
        {
            throw Failures.TooLarge(tooLong);
        }

        if (_next == Found.Count)
        {
            chunk = default;
            return false;
        }
        chunk = Found[_next++];
        return true;
    }

    private void ParseEvent(ReadOnlyMemory<byte> data)
    {
        var text = data.Span.Trim(" \t"u8);
        if (text.IsEmpty || (IsSign(text) && !_bytes.IsError))
            return;
        if (text.SequenceEqual("[DONE]"u8))
        {
            IsDone = true;
            return;
        }
        HasFinish = false;
        if (!TryParseEvent(data, isList: text[0] == '['))
        {
            if (!IsComplete)
                throw Reported(data);
            Ignore();
            IsDone = true;
        }

        if (Found.Count == 0 && !_hasBegun)
            _unread = data.ToArray();
        if (Found.Exists(static chunk => chunk.Kind <= ModelChunkKind.ToolCall))
        {
            CountContent(data.Length);
            _hasAnswer |= Found.Exists(IsOfAnswer);
            IsComplete = HasFinish && _hasAnswer && !_finishesEarly;
        }
        else if (HasFinish && _hasAnswer)
            IsComplete = ExpectsNoContent = true;
    }

    // What some gateways send between chunks so that the connection stays open.
    private static bool IsSign(ReadOnlySpan<byte> text) => text.SequenceEqual("null"u8) || text.SequenceEqual("ping"u8) || text.SequenceEqual("\"ping\""u8);

    // Some providers send a finish before the answer, such as `unknown` in the first chunk, and the model may think for long after it.
    private static bool IsOfAnswer(ModelChunk chunk) => chunk.Kind is ModelChunkKind.Text or ModelChunkKind.Refusal or ModelChunkKind.ToolCall;

    /// <param name="isList">Whether it is an array, in which some providers send an error.</param>
    /// <returns>False when it is, or holds, an error.</returns>
    private bool TryParseEvent(ReadOnlyMemory<byte> data, bool isList)
    {
        if (_bytes.IsError || (isList && ProviderError.From(data) != ProviderError.None))
            return false;
        _next = 0;
        try
        {
            return TryParse(data);
        }
        catch (Exception malformed) when (IsComplete && malformed is (JsonException or InvalidOperationException))
        {
            Ignore();
            return true;
        }
    }

    // Chunks of an event that can't be read to its end are none.
    private void Ignore()
    {
        Found.Clear();
        _next = 0;
    }

    // What came in place of an answer may be an error of another shape than the API's.
    private void FinishOrReport()
    {
        try
        {
            Finish();
        }
        catch (ModelException) when (!_hasBegun && _unread is not null && !string.IsNullOrWhiteSpace(ProviderError.From(_unread).Message))
        {
            throw Reported(_unread);
        }
    }

    private ModelException Reported(ReadOnlyMemory<byte> data)
    {
        var report = ProviderError.From(data);
        Refusal = new CallRefusal(ProviderErrorMapper.StatusIn(report), Encoding.UTF8.GetString(data.Span));
        return Failures.Reported(report, _hasBegun);
    }

    private void CountContent(int length)
    {
        _finishesEarly |= IsComplete;
        IsComplete = ExpectsNoContent = false;
        WaitedAfterFinish = TimeSpan.Zero;
        _hasBegun = true;
        _withoutContent = Math.Max(0, _withoutContent - Math.Min(length + 8, LongestEnvelope));
    }

    private bool TryReadEvent(out ReadOnlyMemory<byte> data)
    {
        data = default;
        if (IsDone || !_bytes.TryRead(out data))
            return false;
        IsDone = _bytes.IsWhole;
        return true;
    }
}

using System.Text.Json;

namespace FuncChat.Engine.Models.Http;

/// <summary>
/// The events in the bytes of one answer, as they arrive. Some providers stream under a wrong content type, and some send a whole completion, or a page of HTML, with
/// status 200 where a stream was requested. The first byte is the better sign: no event stream begins with a brace or a bracket.
/// </summary>
internal sealed class AnswerBytes : IDisposable
{
    /// <summary>The longest event, and the longest answer that is no stream.</summary>
    private const int LongestEvent = 4 * 1024 * 1024;

    private readonly ProviderErrorMapper _failures;
    private readonly ReceiveBuffer _received = new(LongestEvent);
    private readonly SseReader _events;
    private Form _form;

    public AnswerBytes(ProviderErrorMapper failures)
    {
        _failures = failures;
        _events = new SseReader(_received, LongestEvent);
    }

    private enum Form
    {
        Unknown,
        Stream,
        Whole,
    }

    /// <summary>Nothing more will come.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>The answer is one body, which is read as one event.</summary>
    public bool IsWhole => _form is Form.Whole;

    /// <summary>The answer is one body of JSON, and has arrived whole.</summary>
    public bool HasWholeBody => IsWhole && IsWholeJson(_received.Unread.TrimStart(SpaceOrMark));

    /// <inheritdoc cref="SseReader.IsError"/>
    public bool IsError => _events.IsError;

    /// <inheritdoc cref="SseReader.IsCut"/>
    public bool IsCut => _events.IsCut;

    // The bytes of a byte order mark count as space here, so that it may come in pieces.
    private static ReadOnlySpan<byte> SpaceOrMark => [(byte)' ', (byte)'\t', (byte)'\r', (byte)'\n', 0xEF, 0xBB, 0xBF];

    /// <summary>Room for the next read; the events that were read until now are no longer valid.</summary>
    /// <exception cref="InvalidDataException">The answer is too long to be one.</exception>
    public Memory<byte> Space() => _received.Space();

    /// <summary>Adds what was read into <see cref="Space"/>; 0 bytes are the end.</summary>
    public void Received(int count)
    {
        _received.Received(count);
        IsEnded |= count == 0;
    }

    /// <summary>Nothing more will come, as the connection failed or is silent.</summary>
    public void End() => IsEnded = true;

    /// <summary>The data of the next event, if it has arrived completely; of a whole answer the body, each time.</summary>
    /// <exception cref="InvalidDataException">The event is too long to be one.</exception>
    /// <exception cref="ModelException">It is a web page.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> data)
    {
        data = default;
        if (_form is Form.Unknown && !TryFindForm())
            return false;
        if (_form is Form.Stream)
            return _events.TryRead(IsEnded, out data);
        if (!IsEnded)
            return false;
        var length = _received.Unread.TrimStart(SpaceOrMark).Length;
        data = _received.Slice(_received.Unread.Length - length, length);
        return true;
    }

    public void Dispose() => _received.Dispose();

    private bool TryFindForm()
    {
        var begin = _received.Unread.TrimStart(SpaceOrMark);
        if (begin.IsEmpty)
            return false;
        _form = begin[0] switch
        {
            (byte)'{' or (byte)'[' => Form.Whole,
            (byte)'<' => throw _failures.NotUnderstood("a web page instead of an answer"),
            _ => Form.Stream,
        };
        return true;
    }

    private static bool IsWholeJson(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
                reader.TrySkip();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

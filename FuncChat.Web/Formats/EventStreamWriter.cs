using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Formats;

/// <summary>
/// Writes the records of an <see cref="EventStreamFormat"/>. The last record of an event carries the event's id, with which a client continues: so a
/// client that is cut between two records of an event gets all of them again. Records that the client already has are not written.
/// </summary>
public sealed class EventStreamWriter : IDisposable
{
    private readonly PipeWriter _pipe;
    private readonly long _after;
    private readonly Action _setHead;
    private readonly ArrayBufferWriter<byte> _records = new();
    private readonly Utf8JsonWriter _json;
    private int _lastRecord = -1;

    internal EventStreamWriter(PipeWriter pipe, long after, Action setHead)
    {
        _pipe = pipe;
        _after = after;
        _setHead = setHead;
        _json = new Utf8JsonWriter(_records, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    /// <summary>Whether the head of the response is set: it is too late to answer otherwise.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>The id of the event that is being mapped.</summary>
    public long EventId { get; internal set; }

    internal int Unflushed { get; private set; }

    internal bool IsComplete { get; private set; }

    internal IResult? Instead { get; private set; }

    /// <summary>Writes a record of JSON.</summary>
    /// <param name="eventName">The record's `event:` field; null for none.</param>
    public void Write<T>(T record, JsonTypeInfo<T> json, string? eventName = null)
    {
        StartRecord(eventName);
        _json.Reset(_records);
        JsonSerializer.Serialize(_json, record, json);
        _json.Flush();
        _records.Write("\n\n"u8);
    }

    /// <summary>Writes a record of text without line ends, such as `[DONE]`.</summary>
    public void Write(ReadOnlySpan<byte> text)
    {
        StartRecord(eventName: null);
        _records.Write(text);
        _records.Write("\n\n"u8);
    }

    /// <summary>Ends the stream after the records of this event, although the turn may continue.</summary>
    public void Complete() => IsComplete = true;

    /// <summary>Answers with this instead of a stream, and reads no more of the turn.</summary>
    /// <exception cref="InvalidOperationException">The stream has started.</exception>
    public void AnswerInstead(IResult result)
    {
        if (HasStarted)
            throw new InvalidOperationException("The stream has started.");
        Instead = result;
    }

    public void Dispose() => _json.Dispose();

    /// <summary>Passes on the records of an event.</summary>
    /// <param name="id">The event's id; null for records that belong to none.</param>
    internal void EndEvent(long? id)
    {
        if (_lastRecord >= 0 && !(id <= _after))
        {
            Start();
            Pass(_records.WrittenSpan[.._lastRecord]);
            if (id is { } known)
                Pass(Encoding.UTF8.GetBytes($"id: {known}\n"));
            Pass(_records.WrittenSpan[_lastRecord..]);
        }

        Discard();
    }

    /// <summary>Drops the records of an event that could not be written whole.</summary>
    internal void Discard()
    {
        _records.ResetWrittenCount();
        _lastRecord = -1;
    }

    internal void KeepAlive()
    {
        Start();
        Pass(EventStream.KeepAlive);
    }

    /// <returns>False if the client reads no more.</returns>
    internal async ValueTask<bool> FlushAsync(CancellationToken cancellationToken)
    {
        if (Unflushed == 0)
            return true;
        Unflushed = 0;
        return !(await _pipe.FlushAsync(cancellationToken)).IsCompleted;
    }

    private void StartRecord(string? eventName)
    {
        _lastRecord = _records.WrittenCount;
        if (eventName is not null)
            _records.Write(Encoding.UTF8.GetBytes($"event: {eventName}\n"));
        _records.Write("data: "u8);
    }

    private void Start()
    {
        if (!HasStarted)
            _setHead();
        HasStarted = true;
    }

    private void Pass(ReadOnlySpan<byte> bytes)
    {
        _pipe.Write(bytes);
        Unflushed += bytes.Length;
    }
}

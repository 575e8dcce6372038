using System.Text;
using System.Text.Json;

namespace FuncChat.Engine.Events;

/// <summary>A type of event: the name on the wire, the record that holds the data, and how the record is written as JSON.</summary>
public sealed class TurnEventType
{
    private readonly Func<ReadOnlySpan<byte>, TurnEvent> _read;
    private readonly Func<ReadOnlySpan<byte>, TurnEvent> _readStored;
    private readonly Action<Utf8JsonWriter, TurnEvent> _write;

    internal TurnEventType(
        string name, Type recordType, Func<ReadOnlySpan<byte>, TurnEvent> read, Func<ReadOnlySpan<byte>, TurnEvent> readStored, Action<Utf8JsonWriter, TurnEvent> write)
    {
        Name = name;
        Utf8Name = Encoding.UTF8.GetBytes(name);
        RecordType = recordType;
        _read = read;
        _readStored = readStored;
        _write = write;
    }

    /// <summary>The name on the wire. `complete` is the name of several types, one for each kind of turn.</summary>
    public string Name { get; }

    /// <summary>The record, a <see cref="TurnEvent"/>.</summary>
    public Type RecordType { get; }

    /// <summary>Whether the event is the last of its turn.</summary>
    public bool EndsTurn => Name is "complete" or "error";

    /// <summary>The field that distinguishes this type from others of the same name. Null if the name, or the lack of such fields, is enough.</summary>
    public string? DistinctField { get; init; }

    /// <summary>Another field that no other type of the name has: an event that has only one of the two is a damaged one of this type.</summary>
    internal string? OtherField { get; init; }

    internal byte[] Utf8Name { get; }

    internal TurnEvent Read(ReadOnlySpan<byte> data) => _read(data);

    internal TurnEvent ReadStored(ReadOnlySpan<byte> data) => _readStored(data);

    internal void Write(Utf8JsonWriter writer, TurnEvent turnEvent) => _write(writer, turnEvent);

    internal bool Fits(ReadOnlySpan<byte> data) => DistinctField is null || HasField(data, DistinctField) || (OtherField is not null && HasField(data, OtherField));

    // Only the names of the outermost object count.
    private static bool HasField(ReadOnlySpan<byte> json, string field)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(field))
                return true;
            reader.Skip();
        }

        return false;
    }
}

namespace FuncChat.Engine.Events;

/// <summary>
/// Something that happened in a turn. The records that derive from it are a closed set, each named after its event on the wire and holding the
/// event's data; <see cref="TurnEventCodec"/> lists them all.
/// </summary>
public abstract record TurnEvent;

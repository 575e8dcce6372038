using FuncChat.Engine.Events;

namespace FuncChat.Web.Formats;

/// <summary>Turns the events of one turn into the records of a format, for one response. Holds whatever the format has to remember.</summary>
public interface ITurnEventMapping
{
    /// <summary>Writes the records of an event, if it has any.</summary>
    void Map(TurnEvent turnEvent, EventStreamWriter records);

    /// <summary>Called if the events end before the turn: the server hands it over, and it can be followed again.</summary>
    void Interrupt(EventStreamWriter records);
}

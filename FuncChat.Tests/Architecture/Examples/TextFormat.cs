using FuncChat.Engine.Events;

namespace FuncChat.Web.Formats.Text;

/// <summary>The answer's text alone, as JSON strings.</summary>
internal sealed class TextFormat : EventStreamFormat
{
    public override string Name => "text";

    public override bool IsForChatsOnly => true;

    protected override ITurnEventMapping Open(TurnResponse turn) => new Mapping();

    private sealed class Mapping : ITurnEventMapping
    {
        public void Map(TurnEvent turnEvent, EventStreamWriter records)
        {
            if (turnEvent is DeltaEvent delta)
                records.Write(delta.Content.Utf8.Span);
        }

        public void Interrupt(EventStreamWriter records) => records.Write("\"The server is restarting. Follow the turn again.\""u8);
    }
}

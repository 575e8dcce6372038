using FuncChat.Engine.Events;
using FuncChat.Engine.Models;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Plans;

/// <summary>Emits the reasoning of a plan as `reasoning` events while the plan is written.</summary>
internal sealed class ReasoningText(TurnEventWriter events)
{
    private readonly JsonFieldStream _field = new(PlanSchema.Reasoning);

    /// <param name="escapedText">A piece of the model's text, as <see cref="ModelChunk.EscapedText"/>.</param>
    public void Add(ReadOnlyMemory<byte> escapedText)
    {
        if (_field.Add(JsonStringBytes.Unescape(escapedText.Span)) is { Length: > 0 } piece)
            events.AppendText(ReasoningEvent.WireName, EscapedText.From(piece).Span);
    }
}

using FuncChat.Engine.Events;

namespace FuncChat.Engine.Turns;

/// <summary>How a turn ended in this process, as its followers received it: what is known of it even if its log can't be read any more.</summary>
/// <param name="Status">The event that it began with here; null if it was continued.</param>
/// <param name="Last">The event that ended it: `complete` or `error`.</param>
internal sealed record TurnEnd(StatusEvent? Status, TurnEvent Last);

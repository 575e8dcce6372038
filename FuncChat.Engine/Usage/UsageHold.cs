namespace FuncChat.Engine.Usage;

/// <summary>What a call holds: a part of a record's count of that kind.</summary>
/// <param name="Call">The id of the call; letters and digits.</param>
/// <param name="Kind">One that is held (<see cref="UsageReservations"/>).</param>
public sealed record UsageHold(string Call, UsageKind Kind, long Amount);

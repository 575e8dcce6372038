using FuncChat.Engine.Turns;

namespace FuncChat.Web.Chat;

/// <summary>A checked body of `POST /api/chat`.</summary>
/// <param name="TurnId">The caller's own id for the turn, where there is one.</param>
public sealed record ChatRequest(string? TurnId, TurnRequest Turn);

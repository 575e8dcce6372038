using FuncChat.Engine.Turns;

namespace FuncChat.Web.Chat;

/// <summary>A checked body of `POST /api/chat`, or of `POST /api/proxy`.</summary>
/// <param name="TurnId">The caller's own id for the turn, where there is one.</param>
/// <param name="Stream">Whether the proxy's answer is to be streamed; false for a chat.</param>
public sealed record ChatRequest(string? TurnId, TurnRequest Turn, bool Stream = false);

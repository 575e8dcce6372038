namespace FuncChat.Tools;

/// <summary>What a tool asks the person to do outside of the chat: one of the two.</summary>
/// <param name="Url">The page to open, an absolute https address that may be hostile.</param>
/// <param name="SignIn">The MCP server to sign in to.</param>
public sealed record OutsideAction(string? Url = null, string? SignIn = null);

namespace FuncChat.Engine.Models;

/// <summary>A source that a provider sends with an answer, as from a search of its own.</summary>
/// <param name="Place">The number by which the text cites it as `[1]`; null where the text cites it in another way.</param>
public sealed record ModelSource(string Url, string Title, int? Place = null);

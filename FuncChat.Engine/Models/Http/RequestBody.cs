namespace FuncChat.Engine.Models.Http;

/// <summary>The JSON of a request.</summary>
/// <param name="Sent">The optional fields in it that can be left out where a provider refuses them: see <see cref="RefusedFields"/>.</param>
internal sealed record RequestBody(ReadOnlyMemory<byte> Json, IReadOnlySet<string> Sent);

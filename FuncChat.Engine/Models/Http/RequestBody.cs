namespace FuncChat.Engine.Models.Http;

/// <summary>The JSON of a request.</summary>
/// <param name="Sent">The optional fields in it that can be left out where a provider refuses them: see <see cref="RefusedFields"/>.</param>
/// <param name="Orders">The orders of its messages that can be changed where a provider refuses them: see <see cref="OrderTrial"/>.</param>
internal sealed record RequestBody(ReadOnlyMemory<byte> Json, IReadOnlySet<string> Sent, MessageOrders Orders);

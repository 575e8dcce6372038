using System.Globalization;
using FuncChat.Engine;
using FuncChat.Engine.Store;
using FuncChat.Web.Formats.Responses;

namespace FuncChat.Web.Responses;

/// <summary>
/// Which responses of a turn are deleted. A turn that waited for approvals has several responses: each can be deleted alone, and what the turn has stored is
/// removed with the last of them.
/// </summary>
internal sealed class DeletedResponses(TurnStorage storage)
{
    // A signal, since an ended turn has no more events. Turns ignore it.
    private const string Deleted = "delete_response";

    /// <summary>The parts of the turn that are deleted.</summary>
    /// <param name="parts">How many parts of the turn have begun.</param>
    /// <exception cref="TurnStoreException">The store failed.</exception>
    public async Task<IReadOnlySet<int>> ReadAsync(TurnKey key, int parts, CancellationToken cancellationToken)
    {
        var deleted = new HashSet<int>();
        if (parts == 1)
            return deleted; // deleting it removes the turn
        foreach (var signal in await storage.OpenInbox(key).ReadAsync(cancellationToken))
        {
            if (signal.Type == Deleted && WholeNumber.TryRead(signal.RequestId, out int part))
                deleted.Add(part);
        }

        return deleted;
    }

    /// <summary>Marks one part of the turn as deleted.</summary>
    /// <exception cref="TurnStoreException">The store failed.</exception>
    public Task MarkAsync(TurnKey key, ResponseId id, CancellationToken cancellationToken) =>
        storage.SendAsync(key, new TurnSignal(Deleted) { RequestId = id.Part.ToString(CultureInfo.InvariantCulture) }, cancellationToken);
}

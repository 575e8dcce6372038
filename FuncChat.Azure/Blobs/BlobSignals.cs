using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using FuncChat.Engine.Store;

namespace FuncChat.Azure.Blobs;

/// <summary>
/// Signals as lines of append blobs, `signals/{turn}`, and a mark that changes with each signal to any turn. Each running turn asks every two seconds: as
/// long as the mark stays the same, one request answers all turns of an instance; when it changes, one listing shows which turns have signals. An earlier
/// version stored a stop as a blob next to the turn, and changed another mark: that is read as long as it exists.
/// </summary>
internal sealed class BlobSignals(BlobContainerClient container)
{
    internal const string MarkName = "signals-sent";
    internal const string OlderMarkName = "stop-requests";

    private readonly BlobClient _mark = container.GetBlobClient(MarkName);
    private readonly BlobClient _olderMark = container.GetBlobClient(OlderMarkName);
    private readonly Lock _lock = new();
    private bool _hasOlderMark = true;
    private Task<Snapshot>? _look;
    private Snapshot? _snapshot;

    /// <summary>Appends a signal. Returns false if the signals of the turn are removed at this moment.</summary>
    public async Task<bool> TrySendAsync(BlobTurnNames names, TurnSignal signal, CancellationToken cancellationToken)
    {
        var blob = container.GetAppendBlobClient(names.Signals);
        await blob.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        try
        {
            using var line = new MemoryStream(signal.ToLine().ToArray());
            await blob.AppendBlockAsync(line, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return false;
        }

        // After the signal itself, so that it is there for every instance that sees the mark change.
        await ChangeMarkAsync(cancellationToken);

        // A look that has begun may have read the mark before: those that begin from now on find the signal.
        lock (_lock)
            _look = null;
        return true;
    }

    public ITurnInbox Open(BlobTurnNames names) => new Inbox(this, names);

    private async Task<ETag> ChangeMarkAsync(CancellationToken cancellationToken)
    {
        var mark = default(ETag);
        await container.EnsuredAsync(
            async () => mark = (await _mark.UploadAsync(BinaryData.Empty, overwrite: true, cancellationToken)).Value.ETag, cancellationToken);
        return mark;
    }

    // Turns that ask at the same time share a request.
    private Task<Snapshot> LookAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_look is null or { IsCompleted: true })
                _look = LookAsync();
            return _look.WaitAsync(cancellationToken);
        }
    }

    private async Task<Snapshot> LookAsync()
    {
        var reading = ReadOlderMarkAsync();
        var mark = await ReadMarkAsync();
        var olderMark = await reading;
        if (_snapshot?.Mark == mark)
            return _snapshot.OlderMark == olderMark ? _snapshot : _snapshot = _snapshot with { OlderMark = olderMark };
        var names = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var blob in container.GetBlobsAsync(prefix: BlobTurnNames.SignalPrefix, traits: BlobTraits.None, states: BlobStates.None, cancellationToken: CancellationToken.None))
            names.Add(blob.Name);
        return _snapshot = new Snapshot(mark, names, olderMark);
    }

    // Created if it is missing, so that it is found from now on.
    private async Task<ETag> ReadMarkAsync() =>
        (await _mark.TryGetPropertiesAsync(CancellationToken.None))?.ETag ?? await ChangeMarkAsync(CancellationToken.None);

    // Every running turn of the earlier version ensures that its mark exists: where it is missing, there is none.
    private async Task<ETag?> ReadOlderMarkAsync()
    {
        if (!_hasOlderMark)
            return null;
        var mark = (await _olderMark.TryGetPropertiesAsync(CancellationToken.None))?.ETag;
        _hasOlderMark = mark is not null;
        return mark;
    }

    private sealed record Snapshot(ETag Mark, IReadOnlySet<string> Names, ETag? OlderMark);

    private sealed class Inbox(BlobSignals signals, BlobTurnNames names) : ITurnInbox
    {
        private readonly AppendBlobClient _blob = signals.Container.GetAppendBlobClient(names.Signals);
        private Snapshot? _seen;
        private int _read;

        public async ValueTask<IReadOnlyList<TurnSignal>> ReadAsync(CancellationToken cancellationToken)
        {
            var snapshot = await signals.LookAsync(cancellationToken);
            if (snapshot == _seen)
                return [];
            var received = new List<TurnSignal>();
            var read = _read;
            if (snapshot.Mark != _seen?.Mark && snapshot.Names.Contains(names.Signals))
            {
                var all = TurnSignal.ParseLines((await _blob.DownloadContentAsync(cancellationToken)).Value.Content.ToMemory().Span);
                received.AddRange(all.Skip(_read));
                read = all.Count;
            }

            if (snapshot.OlderMark != _seen?.OlderMark && await HasOlderStopAsync(cancellationToken))
                received.Add(new TurnSignal(TurnSignal.Stop));
            (_read, _seen) = (read, snapshot);
            return received;
        }

        private async Task<bool> HasOlderStopAsync(CancellationToken cancellationToken) =>
            await signals.Container.GetBlobClient(names.Stop).ExistsAsync(cancellationToken);
    }

    private BlobContainerClient Container => container;
}

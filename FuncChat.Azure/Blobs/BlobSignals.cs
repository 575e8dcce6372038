using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using FuncChat.Engine.Store;

namespace FuncChat.Azure.Blobs;

/// <summary>
/// Signals as lines of append blobs, `signals/{turn}`, and a mark that changes with each signal to any turn. Each running turn asks every two seconds: as
/// long as the mark stays the same, one request answers all turns of an instance; when it changes, one listing tells which turns have signals.
/// </summary>
internal sealed class BlobSignals(BlobContainerClient container)
{
    internal const string MarkName = "signals-sent";

    private readonly BlobClient _mark = container.GetBlobClient(MarkName);
    private readonly Lock _lock = new();
    private Task<Snapshot>? _look;
    private Snapshot? _snapshot;

    public async Task SendAsync(BlobTurnNames names, TurnSignal signal, CancellationToken cancellationToken)
    {
        var blob = container.GetAppendBlobClient(names.Signals);
        await blob.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        using (var line = new MemoryStream(signal.ToLine().ToArray()))
            await blob.AppendBlockAsync(line, cancellationToken: cancellationToken);

        // After the signal itself, so that it is there for every instance that sees the mark change.
        await ChangeMarkAsync(cancellationToken);
    }

    public ITurnInbox Open(BlobTurnNames names) => new Inbox(this, names.Signals);

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
        var mark = await ReadMarkAsync();
        if (_snapshot?.Mark == mark)
            return _snapshot;
        var names = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var blob in container.GetBlobsAsync(prefix: BlobTurnNames.SignalPrefix, traits: BlobTraits.None, states: BlobStates.None, cancellationToken: CancellationToken.None))
            names.Add(blob.Name);
        return _snapshot = new Snapshot(mark, names);
    }

    private async Task<ETag> ReadMarkAsync()
    {
        try
        {
            return (await _mark.GetPropertiesAsync()).Value.ETag;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // Created, so that it is found from now on.
            return await ChangeMarkAsync(CancellationToken.None);
        }
    }

    private sealed record Snapshot(ETag Mark, IReadOnlySet<string> Names);

    private sealed class Inbox(BlobSignals signals, string name) : ITurnInbox
    {
        private readonly AppendBlobClient _blob = signals.Container.GetAppendBlobClient(name);
        private Snapshot? _seen;
        private int _read;

        public async ValueTask<IReadOnlyList<TurnSignal>> ReadAsync(CancellationToken cancellationToken)
        {
            var snapshot = await signals.LookAsync(cancellationToken);
            if (snapshot == _seen)
                return [];
            IReadOnlyList<TurnSignal> received = [];
            if (snapshot.Names.Contains(name))
            {
                var all = TurnSignal.ParseLines((await _blob.DownloadContentAsync(cancellationToken)).Value.Content.ToMemory().Span);
                received = [.. all.Skip(_read)];
                _read = all.Count;
            }

            _seen = snapshot;
            return received;
        }
    }

    private BlobContainerClient Container => container;
}

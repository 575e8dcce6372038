namespace FuncChat.Engine.Threads;

/// <summary>
/// Keeps the summaries of threads in memory, so that a list reads only the documents that are new or have changed: those whose length or time differs. Keeps those of
/// the users who listed their threads last, up to a number of bytes. One list of a user is made at a time: the next one finds what the first has read.
/// </summary>
internal sealed class KeptSummaries(long maxBytes = 64 * 1024 * 1024)
{
    // A file system may give the same time to files that are written within it. A document that is as new is read again, since the next one may look the same.
    private static readonly TimeSpan CoarsestTime = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<OfUser>> _users = new(StringComparer.Ordinal);
    private readonly LinkedList<OfUser> _byUse = new();
    private long _bytes;

    // One user's alone do not push out those of all others.
    private long MaxBytesOfUser => maxBytes / 2;

    /// <summary>Waits until no other list of the user is made. Dispose the result when the list is complete or given up.</summary>
    public async Task<OfUser> EnterAsync(string user, CancellationToken cancellationToken)
    {
        OfUser kept;
        lock (_lock)
        {
            if (_users.TryGetValue(user, out var node))
                _byUse.Remove(node);
            else
                _users[user] = node = new LinkedListNode<OfUser>(new OfUser(this, user));
            _byUse.AddLast(node);
            kept = node.Value;
            kept.Lists++;
        }

        try
        {
            await kept.Gate.WaitAsync(cancellationToken);
            return kept;
        }
        catch
        {
            Leave(kept);
            throw;
        }
    }

    private void Leave(OfUser left)
    {
        lock (_lock)
        {
            left.Lists--;
            if (left is { Lists: 0, Bytes: 0 })
                Remove(_users[left.User]);
            for (var node = _byUse.First; node is not null && _bytes > maxBytes;)
            {
                var next = node.Next;
                if (node.Value.Lists == 0)
                    Remove(node);
                node = next;
            }
        }
    }

    private void Remove(LinkedListNode<OfUser> node)
    {
        _bytes -= node.Value.Bytes;
        _users.Remove(node.Value.User);
        _byUse.Remove(node);
    }

    private void Count(long bytes)
    {
        lock (_lock)
            _bytes += bytes;
    }

    /// <summary>The summaries of one user's threads.</summary>
    internal sealed class OfUser(KeptSummaries all, string user) : IDisposable
    {
        private const int BytesOfEntry = 500;

        private readonly Dictionary<string, Kept> _threads = new(StringComparer.Ordinal);

        public string User => user;

        public SemaphoreSlim Gate { get; } = new(1);

        /// <summary>How many lists of the user are made or wait.</summary>
        public int Lists { get; set; }

        public long Bytes { get; private set; }

        /// <returns>The summary of the thread with this document; null if it must be read.</returns>
        public ThreadSummary? Find(string threadId, FileInfo document) =>
            _threads.TryGetValue(threadId, out var kept) && document.Exists && kept.Length == document.Length && kept.Time == document.LastWriteTimeUtc ? kept.Summary : null;

        /// <param name="document">As it was before it was read.</param>
        /// <param name="now">The time by the clock of the file system, before that.</param>
        public void Keep(ThreadSummary summary, FileInfo document, DateTime now)
        {
            Forget(summary.Id);
            var kept = new Kept(summary, document.Exists ? document.Length : -1, document.LastWriteTimeUtc);
            if (kept.Length < 0 || now - kept.Time < CoarsestTime || Bytes + kept.Bytes > all.MaxBytesOfUser)
                return;
            _threads[summary.Id] = kept;
            Add(kept.Bytes);
        }

        /// <summary>Forgets the threads that are not among these.</summary>
        public void Limit(IEnumerable<string> threadIds)
        {
            foreach (var gone in _threads.Keys.Except(threadIds, StringComparer.Ordinal).ToList())
                Forget(gone);
        }

        public void Dispose()
        {
            Gate.Release();
            all.Leave(this);
        }

        private void Forget(string threadId)
        {
            if (_threads.Remove(threadId, out var kept))
                Add(-kept.Bytes);
        }

        private void Add(long bytes)
        {
            Bytes += bytes;
            all.Count(bytes);
        }

        private sealed record Kept(ThreadSummary Summary, long Length, DateTime Time)
        {
            public long Bytes { get; } =
                BytesOfEntry + (Summary.Metadata?.Utf8.Length ?? 0) + (2L * (Summary.Id.Length + Summary.Title.Length + (Summary.Model?.Length ?? 0) + (Summary.Folder?.Length ?? 0)));
        }
    }
}

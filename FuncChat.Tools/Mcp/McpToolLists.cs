namespace FuncChat.Tools.Mcp;

/// <summary>The lists of one MCP server's tools, each kept until it expires or the server reports a change.</summary>
/// <param name="load">Requests a user's list, and how long it is valid.</param>
internal sealed class McpToolLists(Func<ToolUser, Task<(IReadOnlyList<Tool> Tools, TimeSpan Lifetime)>> load, TimeProvider time)
{
    /// <summary>An unavailable server is not retried for each request.</summary>
    public static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(15);

    private const int MaxUsers = 1000;

    // How long a list waits for a server that was unavailable. It may let each request wait.
    private static readonly TimeSpan RetryTimeout = TimeSpan.FromSeconds(3);

    // A server may report any number of changes, and each list is a request to it.
    private static readonly TimeSpan ChangeInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Listing> _listings = new(StringComparer.Ordinal);
    private DateTimeOffset _nextChange;

    /// <param name="key">Whose list it is: the user's id, or the empty text if all users have the same.</param>
    /// <exception cref="ToolSourceException">The server is unavailable.</exception>
    public async Task<IReadOnlyList<Tool>> ListAsync(ToolUser user, string key, CancellationToken cancellationToken)
    {
        var listing = Find(user, key);
        if (listing.Earlier is not { } failure)
            return await listing.Tools.WaitAsync(cancellationToken);
        try
        {
            return await listing.Tools.WaitAsync(RetryTimeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new ToolSourceException(failure.Message, failure);
        }
    }

    /// <summary>Reads the user's list again when it is next needed.</summary>
    public void Forget(string key)
    {
        lock (_lock)
            _listings.Remove(key);
    }

    /// <summary>Reads all lists again when they are next needed: the first change is read at once, and those within a second after it together.</summary>
    public void NoteChange()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var next = now < _nextChange ? _nextChange : now;
            foreach (var listing in _listings.Values.Where(listing => next < listing.ChangesAt))
                listing.ChangesAt = next;
        }
    }

    // All callers that wait for the same list share one request to the server, which none of them cancels.
    private Listing Find(ToolUser user, string key)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_listings.TryGetValue(key, out var kept) && now < kept.Expires && now < kept.ChangesAt)
                return kept;
            if (_listings.Count >= MaxUsers)
                _listings.Clear();
            if (kept?.ChangesAt <= now)
                _nextChange = now + ChangeInterval;
            var listing = new Listing { Earlier = kept?.Tools.Exception?.InnerException };
            using (ExecutionContext.SuppressFlow())
                listing.Tools = Task.Run(() => LoadAsync(listing, user));
            return _listings[key] = listing;
        }
    }

    private async Task<IReadOnlyList<Tool>> LoadAsync(Listing listing, ToolUser user)
    {
        try
        {
            var (tools, lifetime) = await load(user);
            listing.Expires = time.GetUtcNow() + lifetime;
            return tools;
        }
        catch (ToolSourceException)
        {
            listing.Expires = time.GetUtcNow() + RetryInterval;
            throw;
        }
    }

    /// <summary>A list that is being loaded, or has been.</summary>
    private sealed class Listing
    {
        private long _expires = DateTimeOffset.MaxValue.UtcTicks;

        public Task<IReadOnlyList<Tool>> Tools { get; set; } = null!;

        /// <summary>Why the list before this one could not be loaded; null if it could, or if there was none.</summary>
        public Exception? Earlier { get; init; }

        /// <summary>When the list is read again because the server has reported a change.</summary>
        public DateTimeOffset ChangesAt { get; set; } = DateTimeOffset.MaxValue;

        public DateTimeOffset Expires
        {
            get => new(Volatile.Read(ref _expires), TimeSpan.Zero);
            set => Volatile.Write(ref _expires, value.UtcTicks);
        }
    }
}

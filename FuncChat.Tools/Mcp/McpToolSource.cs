using System.Text.Json;
using FuncChat.Tools.Mcp.SignIn;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tools.Mcp;

/// <summary>The tools of one MCP server.</summary>
internal sealed partial class McpToolSource : IToolSource, IAsyncDisposable
{
    private const int MaxTools = 256;
    private const int MaxPages = 32;
    private const int MaxDescription = 4096;
    private const int MaxUsers = 1000;
    private const int MaxRounds = 20;
    private const int MaxGrants = 3;

    // An unavailable server is not retried for each request.
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(15);

    // How long a list waits for a server that was unavailable. It may let each request wait.
    private static readonly TimeSpan RetryTimeout = TimeSpan.FromSeconds(3);

    // A server may report any number of changes, and each list is a request to it.
    private static readonly TimeSpan ChangeInterval = TimeSpan.FromSeconds(1);

    private readonly McpServerSettings _server;
    private readonly McpAccess _access;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly McpFailedCalls _failedCalls;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Listing> _listings = new(StringComparer.Ordinal);
    private DateTimeOffset _nextChange;

    /// <param name="signIn">How users sign in to the server; null for a process.</param>
    public McpToolSource(McpServerSettings server, McpTransports transports, McpSignIn? signIn, TimeProvider time, ILoggerFactory loggers)
    {
        _server = server;
        _access = new McpAccess(server, transports, signIn, NoteChange);
        _time = time;
        _failedCalls = new McpFailedCalls(time);
        _logger = loggers.CreateLogger<McpToolSource>();
    }

    public string Name => _server.Name;

    /// <inheritdoc cref="McpAccess.NeedsUser"/>
    public bool NeedsUser => _access.NeedsUser;

    /// <summary>Whether the last calls failed, although the tools may be known.</summary>
    public bool IsFailing => _failedCalls.AreMany;

    /// <inheritdoc cref="McpAccess.SignIn"/>
    public McpSignIn? SignIn => _access.SignIn;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Tool>> ListAsync(ToolUser user, CancellationToken cancellationToken)
    {
        if (NeedsUser)
            return await ListForAsync(user, cancellationToken);
        try
        {
            return await WaitAsync(Find(user), cancellationToken);
        }
        catch (ToolSourceException) when (NeedsUser)
        {
            // The server's response was that users sign in.
            return await ListForAsync(user, cancellationToken);
        }
    }

    /// <summary>Reads the user's list again when it is next needed.</summary>
    public void Forget(ToolUser user)
    {
        lock (_lock)
            _listings.Remove(user.Id);
    }

    public ValueTask DisposeAsync() => _access.DisposeAsync();

    private ValueTask<IReadOnlyList<Tool>> ListForAsync(ToolUser user, CancellationToken cancellationToken) =>
        _access.Lacks(user)
            ? throw new ToolSourceException($"The MCP server '{Name}' needs the token of a signed-in user.")
            : new(WaitAsync(Find(user), cancellationToken));

    private async Task<IReadOnlyList<Tool>> WaitAsync(Listing listing, CancellationToken cancellationToken)
    {
        if (listing.Earlier is not { } failure)
            return await listing.Tools.WaitAsync(cancellationToken);
        try
        {
            return await listing.Tools.WaitAsync(RetryTimeout, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new ToolSourceException(failure.Message, failure);
        }
    }

    // All callers that wait for the same list share one request to the server, which none of them cancels.
    private Listing Find(ToolUser user)
    {
        var key = NeedsUser ? user.Id : "";
        lock (_lock)
        {
            var now = _time.GetUtcNow();
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

    // The first change is read at once, and those within a second after it together.
    private void NoteChange()
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            var next = now < _nextChange ? _nextChange : now;
            foreach (var listing in _listings.Values.Where(listing => next < listing.ChangesAt))
                listing.ChangesAt = next;
        }
    }

    private async Task<IReadOnlyList<Tool>> LoadAsync(Listing listing, ToolUser user)
    {
        try
        {
            using var limit = new CancellationTokenSource(McpTransports.ConnectTimeout * 2, _time);
            var (tools, lifetime) = await _access.UseAsync(
                user, (connection, _) => connection.UseAsync(client => ListAsync(client, limit.Token), limit.Token), limit.Token).WaitAsync(limit.Token);
            listing.Expires = _time.GetUtcNow() + lifetime;
            return tools;
        }
        catch (Exception failure)
        {
            // The SDK's exception contains the response body, which may repeat a credential.
            var reason = McpErrors.Describe(_server, failure);
            if (failure is not SignInRequiredException && !(_access.SignsIn && McpErrors.IsUnauthorized(failure)))
                LogUnavailable(Name, reason, failure.GetType().Name);
            listing.Expires = _time.GetUtcNow() + RetryInterval;
            throw new ToolSourceException(reason, failure);
        }
    }

    private async ValueTask<(IReadOnlyList<Tool> Tools, TimeSpan Lifetime)> ListAsync(McpClient client, CancellationToken cancellationToken)
    {
        var (tools, lifetime, page) = (new List<McpTool>(), _server.CacheDuration, new ListToolsRequestParams());
        for (var pages = 0; pages < MaxPages; pages++)
        {
            var result = McpToolPage.Read(
                await client.SendRequestAsync<ListToolsRequestParams, JsonElement>(RequestMethods.ToolsList, page, cancellationToken: cancellationToken));
            if (result.Tools.Contains(null))
                LogLeftOut(Name);
            tools.AddRange(result.Tools.OfType<McpTool>().Where(IsWanted));
            if (result.TimeToLive is { } given)
                lifetime = TimeSpan.FromTicks(Math.Clamp(given.Ticks, RetryInterval.Ticks, TimeSpan.TicksPerDay));
            if (result.NextCursor is null || tools.Count > MaxTools)
                break;
            page = new ListToolsRequestParams { Cursor = result.NextCursor };
        }

        if (tools.Count > MaxTools)
            LogTooMany(Name, MaxTools);
        return (Offered(tools), lifetime);
    }

    // Sorted by name: the server's own order may change, which would invalidate the provider's cached prompt.
    private IReadOnlyList<Tool> Offered(List<McpTool> tools) =>
    [
        .. tools.Take(MaxTools)
            .Select(TryCreate).OfType<Tool>()
            .OrderBy(tool => tool.Name, StringComparer.Ordinal)
            .DistinctBy(tool => tool.Name),
    ];

    private bool IsWanted(McpTool tool) => _server.Tools is null || _server.Tools.Contains(tool.Name, StringComparer.Ordinal);

    private Tool? TryCreate(McpTool tool)
    {
        if (ToolSchema.Clean(tool.Schema) is not { } schema)
        {
            LogLeftOut(Name);
            return null;
        }

        var longRunning = _server.LongRunning.Contains(McpServerSettings.AllTools) || _server.LongRunning.Contains(tool.Name, StringComparer.Ordinal);
        var description = ForeignText.Clean(tool.Description, MaxDescription);
        return new Tool(new RemoteFunction(ToolName.Of(Name, tool.Name), description, schema, (arguments, run, token) => CallAsync(tool, arguments, run, token)))
        {
            Policy = new ToolPolicy
            {
                LongRunning = longRunning,
                ReturnsUntrusted = true,
                ReadOnly = tool.IsReadOnly,
                Destructive = tool.IsDestructive,
            },
        };
    }

    private async Task<string> CallAsync(McpTool tool, AIFunctionArguments arguments, IToolRun? run, CancellationToken cancellationToken)
    {
        McpAnswers? answers = null;
        var grants = 0;
        for (var round = 1; round <= MaxRounds; round++)
        {
            // A stored reply is not requested again, neither by a repeated long run nor by a run that follows an answer.
            var earlier = answers;
            var reply = run is null
                ? await SendAsync(cancellationToken)
                : await run.StepAsync($"reply {round}", SendAsync, cancellationToken);
            if (reply.Text is { } text)
                return text;
            if (reply.Scopes is not null && ++grants > MaxGrants)
                throw new ToolException($"The MCP server '{Name}' asked for more access {MaxGrants} times and did not run the call.");
            answers = reply.Answer(run, _server, earlier);

            Task<McpReply> SendAsync(CancellationToken token) => this.SendAsync(tool, arguments, run, earlier, token);
        }

        throw new ToolException($"The MCP server '{Name}' asked {MaxRounds} times and did not end the call.");
    }

    private async Task<McpReply> SendAsync(McpTool tool, AIFunctionArguments arguments, IToolRun? run, McpAnswers? answers, CancellationToken cancellationToken)
    {
        var user = run?.User ?? ToolUser.Unknown;
        if (_access.Lacks(user))
            throw new ToolException($"The MCP server '{Name}' needs the token of a signed-in user, and this turn has none.");
        try
        {
            var reply = await _access.UseAsync(user, CallAsync, cancellationToken);
            _failedCalls.Clear();
            return reply;
        }
        catch (ToolException failure)
        {
            if (failure.InnerException is { } cause && McpErrors.IsOfConnection(cause))
                _failedCalls.Add();
            else
                _failedCalls.Clear();
            throw;
        }
        catch (SignInRequiredException required) when (run is not null)
        {
            return required.Scopes is { } scopes ? McpReply.NeedsAccess(scopes) : McpReply.NotSignedIn;
        }
        catch (Exception failure) when (failure is SignInRequiredException or SignInException)
        {
            throw new ToolException(failure.Message, failure);
        }

        async Task<McpReply> CallAsync(McpConnection connection, string? token)
        {
            using var call = new McpCall(_server, tool, run, _time);
            var reply = await call.RunAsync(connection, arguments, answers, cancellationToken);

            // A server may repeat the token that it was sent.
            return token is null || SignIn is null ? reply : reply with { Text = reply.Text?.Replace(token, "[key]", StringComparison.Ordinal) };
        }
    }

    [LoggerMessage(701, LogLevel.Warning, "The tools of the MCP server {Server} are unavailable ({ExceptionType}): {Reason}")]
    private partial void LogUnavailable(string server, string reason, string exceptionType);

    [LoggerMessage(702, LogLevel.Warning, "A tool of the MCP server {Server} is not offered: it has no name, or its schema is not one of an object or is too large")]
    private partial void LogLeftOut(string server);

    [LoggerMessage(713, LogLevel.Warning, "The MCP server {Server} has more than {Most} tools. The first ones of its list are offered: name the others in its setting Tools")]
    private partial void LogTooMany(string server, int most);

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

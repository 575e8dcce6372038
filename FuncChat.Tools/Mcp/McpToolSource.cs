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
    private const int MaxRounds = 20;
    private const int MaxGrants = 3;

    private readonly McpServerSettings _server;
    private readonly McpAccess _access;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly McpFailedCalls _failedCalls;
    private readonly McpToolLists _lists;

    /// <param name="signIn">How users sign in to the server; null for a process.</param>
    public McpToolSource(McpServerSettings server, McpTransports transports, McpSignIn? signIn, TimeProvider time, ILoggerFactory loggers)
    {
        _server = server;
        _lists = new McpToolLists(LoadAsync, time);
        _access = new McpAccess(server, transports, signIn, _lists.NoteChange);
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
            return await _lists.ListAsync(user, KeyOf(user), cancellationToken);
        }
        catch (ToolSourceException) when (NeedsUser)
        {
            // The server's response was that users sign in.
            return await ListForAsync(user, cancellationToken);
        }
    }

    /// <inheritdoc cref="McpToolLists.Forget"/>
    public void Forget(ToolUser user) => _lists.Forget(user.Id);

    public ValueTask DisposeAsync() => _access.DisposeAsync();

    private ValueTask<IReadOnlyList<Tool>> ListForAsync(ToolUser user, CancellationToken cancellationToken) =>
        _access.Lacks(user)
            ? throw new ToolSourceException($"The MCP server '{Name}' needs the token of a signed-in user.")
            : new(_lists.ListAsync(user, KeyOf(user), cancellationToken));

    private string KeyOf(ToolUser user) => NeedsUser ? user.Id : "";

    private async Task<(IReadOnlyList<Tool> Tools, TimeSpan Lifetime)> LoadAsync(ToolUser user)
    {
        try
        {
            using var limit = new CancellationTokenSource(McpTransports.ConnectTimeout * 2, _time);
            return await _access.UseAsync(
                user, connection => connection.UseAsync(client => ListAsync(client, limit.Token), limit.Token), limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception failure)
        {
            // The SDK's exception contains the response body, which may repeat a credential.
            var reason = McpErrors.Describe(_server, failure);
            if (failure is not SignInRequiredException && !(_access.SignsIn && McpErrors.IsUnauthorized(failure)))
                LogUnavailable(Name, reason, failure.GetType().Name);
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
                lifetime = TimeSpan.FromTicks(Math.Clamp(given.Ticks, McpToolLists.RetryInterval.Ticks, TimeSpan.TicksPerDay));
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
        var confirmed = new HashSet<string>(StringComparer.Ordinal);
        var isRepeated = false;
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

            // Such as a server that asked another question during the repeated call, which was then called again.
            if (!isRepeated && reply.IsConfirmed(Name, confirmed))
            {
                isRepeated = true;
                continue;
            }

            answers = reply.Answer(run, _server, earlier);
            confirmed.UnionWith(reply.PagesOf(Name));

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

        async Task<McpReply> CallAsync(McpConnection connection)
        {
            using var call = new McpCall(_server, tool, run, _time);
            return await call.RunAsync(connection, arguments, answers, cancellationToken);
        }
    }

    [LoggerMessage(701, LogLevel.Warning, "The tools of the MCP server {Server} are unavailable ({ExceptionType}): {Reason}")]
    private partial void LogUnavailable(string server, string reason, string exceptionType);

    [LoggerMessage(702, LogLevel.Warning, "A tool of the MCP server {Server} is not offered: it has no name, or its schema is not one of an object or is too large")]
    private partial void LogLeftOut(string server);

    [LoggerMessage(713, LogLevel.Warning, "The MCP server {Server} has more than {Most} tools. The first ones of its list are offered: name the others in its setting Tools")]
    private partial void LogTooMany(string server, int most);
}

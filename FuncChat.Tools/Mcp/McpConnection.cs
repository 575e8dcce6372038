using System.Net;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tools.Mcp;

/// <summary>
/// A connection to an MCP server. It opens on first use, and again after it has closed or failed to open.
/// </summary>
/// <param name="listChanged">Called when the server reports that its tools have changed.</param>
internal sealed class McpConnection(McpTransports transports, string? userToken, Action listChanged) : IAsyncDisposable
{
    // After it, the server counts as one of the versions before 2026. Some start only now, and answer late.
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private Session? _session;

    /// <summary>The calls that are running.</summary>
    public McpActiveCalls Calls { get; } = new();

    /// <inheritdoc cref="McpTransports.Redact"/>
    public string Redact(string text) => transports.Redact(text, userToken);

    /// <summary>Returns JSON of the server without the token that it was sent; null if that is no JSON: the token was within an escape sequence.</summary>
    public JsonElement? Redact(JsonElement json)
    {
        try
        {
            return JsonElement.Parse(Redact(json.GetRawText()));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Calls the server. If the server has dropped the session, opens a new one and retries once: the refused call did not run.
    /// </summary>
    public async Task<T> UseAsync<T>(Func<McpClient, ValueTask<T>> use, CancellationToken cancellationToken)
    {
        var session = Enter();
        try
        {
            var client = await session.Client.WaitAsync(cancellationToken);
            try
            {
                return await use(client);
            }
            catch (Exception failure) when (HasExpired(client, failure) && !cancellationToken.IsCancellationRequested)
            {
                Drop(session);
            }
            catch (Exception failure) when (HasClosed(client, failure, cancellationToken))
            {
                // The call may have run, so it is not repeated. The next call opens the connection again.
                Drop(session);
                throw;
            }
        }
        finally
        {
            Leave(session);
        }

        session = Enter();
        try
        {
            return await use(await session.Client.WaitAsync(cancellationToken));
        }
        finally
        {
            Leave(session);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Session? session;
        lock (_lock)
            (session, _session) = (_session, null);
        if (session is not null)
            await CloseAsync(session.Client);
    }

    private static bool HasExpired(McpClient client, Exception failure) =>
        failure is SessionLostException { IsCertain: true } or RequestNotSentException or HttpRequestException { StatusCode: HttpStatusCode.NotFound }
        || (client.Completion.IsCompletedSuccessfully && client.Completion.Result is HttpClientCompletionDetails { HttpStatusCode: HttpStatusCode.NotFound });

    // A server that may have lost the session would refuse the next call, too. A canceled call fails as if its connection had, which the other calls still use.
    private static bool HasClosed(McpClient client, Exception failure, CancellationToken cancellationToken) =>
        client.Completion.IsCompleted
        || (!cancellationToken.IsCancellationRequested
            && failure is SessionLostException or ClientTransportClosedException or IOException or { InnerException: ClientTransportClosedException or IOException });

    private static bool IsUsable(Task<McpClient> client) => !client.IsCompleted || (client.IsCompletedSuccessfully && !client.Result.Completion.IsCompleted);

    private Session Enter()
    {
        lock (_lock)
        {
            if (_session is null || !IsUsable(_session.Client))
            {
                if (_session is { Calls: 0 })
                    _ = CloseAsync(_session.Client);

                // The connection outlives the request that opens it, so it must not capture its context.
                using (ExecutionContext.SuppressFlow())
                    _session = new Session(Task.Run(OpenAsync));
            }

            _session.Calls++;
            return _session;
        }
    }

    // Calls that run in a dropped session end there: the server may have refused only one of them.
    private void Drop(Session session)
    {
        lock (_lock)
        {
            if (_session == session)
                _session = null;
        }
    }

    private void Leave(Session session)
    {
        lock (_lock)
        {
            if (--session.Calls > 0 || _session == session)
                return;
        }

        // The server may take its time to confirm the end of the session.
        _ = CloseAsync(session.Client);
    }

    private async Task<McpClient> OpenAsync()
    {
        var limited = transports.Open(userToken);
        var transport = new QuestionTransport(limited, Calls.Report);
        try
        {
            var client = await McpClient.CreateAsync(transport, new McpClientOptions
            {
                ProtocolVersion = transports.Version,
                TimeProvider = transports.Time,
                ClientInfo = new Implementation { Name = "FuncChat", Version = typeof(McpConnection).Assembly.GetName().Version?.ToString(3) ?? "0" },
                InitializationTimeout = McpTransports.ConnectTimeout,
                DiscoverProbeTimeout = ProbeTimeout,
                Capabilities = new ClientCapabilities { Elicitation = new ElicitationCapability { Form = new FormElicitationCapability(), Url = new UrlElicitationCapability() } },
                Handlers = new McpClientHandlers
                {
                    ElicitationHandler = (asked, _) => new(Calls.Answer(asked)),
                    NotificationHandlers = [new(NotificationMethods.ToolListChangedNotification, (_, _) =>
                    {
                        listChanged();
                        return ValueTask.CompletedTask;
                    })],
                },
            });
            transports.NoteVersion(limited, client.NegotiatedProtocolVersion);
            return client;
        }
        catch
        {
            transports.DiscardVersion();
            await transport.DisposeAsync();
            throw;
        }
    }

    private static async Task CloseAsync(Task<McpClient> opening)
    {
        try
        {
            await (await opening).DisposeAsync();
        }
        catch (Exception)
        {
            // It never opened, or the server is unavailable.
        }
    }

    /// <summary>A client, and how many calls use it.</summary>
    private sealed class Session(Task<McpClient> client)
    {
        public Task<McpClient> Client => client;

        public int Calls { get; set; }
    }
}

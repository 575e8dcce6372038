using System.Net;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tools.Mcp;

/// <summary>
/// A connection to an MCP server. It opens on first use, and again after it has closed or failed to open.
/// </summary>
/// <param name="listChanged">Called when the server reports that its tools have changed.</param>
internal sealed class McpConnection(McpTransports transports, string? userToken, Action listChanged) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private Task<McpClient>? _client;

    /// <summary>The calls that are running.</summary>
    public McpActiveCalls Calls { get; } = new();

    /// <summary>
    /// Calls the server. If the server has dropped the session, opens a new one and retries once: the refused call did not run.
    /// </summary>
    public async Task<T> UseAsync<T>(Func<McpClient, ValueTask<T>> use, CancellationToken cancellationToken)
    {
        var client = await ClientAsync().WaitAsync(cancellationToken);
        try
        {
            return await use(client);
        }
        catch (Exception failure) when (HasExpired(client, failure) && !cancellationToken.IsCancellationRequested)
        {
            await CloseAsync(client);
        }
        catch (Exception failure) when (HasClosed(client, failure, cancellationToken))
        {
            // The call may have run, so it is not repeated. The next call opens the connection again.
            await CloseAsync(client);
            throw;
        }

        return await use(await ClientAsync().WaitAsync(cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        Task<McpClient>? client;
        lock (_lock)
            client = _client;
        if (client is not null)
            await CloseAsync(client);
    }

    private static bool HasExpired(McpClient client, Exception failure) =>
        failure is HttpRequestException { StatusCode: HttpStatusCode.NotFound }
        || (client.Completion.IsCompletedSuccessfully && client.Completion.Result is HttpClientCompletionDetails { HttpStatusCode: HttpStatusCode.NotFound });

    // A canceled call fails as if its connection had, which the other calls still use.
    private static bool HasClosed(McpClient client, Exception failure, CancellationToken cancellationToken) =>
        client.Completion.IsCompleted
        || (!cancellationToken.IsCancellationRequested
            && failure is ClientTransportClosedException or IOException or { InnerException: ClientTransportClosedException or IOException });

    private static bool IsUsable(Task<McpClient> client) => !client.IsCompleted || (client.IsCompletedSuccessfully && !client.Result.Completion.IsCompleted);

    private Task<McpClient> ClientAsync()
    {
        lock (_lock)
        {
            if (_client is not null && IsUsable(_client))
                return _client;
            if (_client is not null)
                _ = CloseAsync(_client);

            // The connection outlives the request that opens it, so it must not capture its context.
            using (ExecutionContext.SuppressFlow())
                return _client = Task.Run(OpenAsync);
        }
    }

    private async Task<McpClient> OpenAsync()
    {
        var transport = new QuestionTransport(transports.Open(userToken));
        try
        {
            return await McpClient.CreateAsync(transport, new McpClientOptions
            {
                ClientInfo = new Implementation { Name = "FuncChat", Version = typeof(McpConnection).Assembly.GetName().Version?.ToString(3) ?? "0" },
                InitializationTimeout = McpTransports.ConnectTimeout,
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
        }
        catch
        {
            await transport.DisposeAsync();
            throw;
        }
    }

    private async Task CloseAsync(McpClient client)
    {
        lock (_lock)
        {
            if (_client is { IsCompletedSuccessfully: true } && _client.Result == client)
                _client = null;
        }

        await DisposeQuietlyAsync(client);
    }

    private static async Task CloseAsync(Task<McpClient> opening)
    {
        try
        {
            await DisposeQuietlyAsync(await opening);
        }
        catch (Exception)
        {
            // It never opened.
        }
    }

    private static async Task DisposeQuietlyAsync(McpClient client)
    {
        try
        {
            await client.DisposeAsync();
        }
        catch (Exception)
        {
            // The server may be unavailable.
        }
    }
}

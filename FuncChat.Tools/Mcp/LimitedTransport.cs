using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tools.Mcp;

/// <summary>
/// Limits what a server can ask of this client: the SDK answers each request of a server at once, however many there are, and with the HTTP transports each
/// answer is a request of its own. A server that sends more than a few before it has taken the answers loses its connection.
/// </summary>
internal sealed class LimitedTransport(IClientTransport inner, TimeProvider time) : IClientTransport, IAsyncDisposable
{
    private const int MaxUnanswered = 16;
    private const int MaxId = 256;

    public string Name => inner.Name;

    public async Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default) => new Connection(await inner.ConnectAsync(cancellationToken), time);

    public ValueTask DisposeAsync() => inner is IAsyncDisposable disposable ? disposable.DisposeAsync() : default;

    private sealed class Connection : ITransport
    {
        private readonly Lock _lock = new();
        private readonly List<RequestId> _unanswered = [];
        private readonly ITransport _transport;
        private readonly TimeProvider _time;
        private int _answering;
        private volatile bool _isFlooded;

        public Connection(ITransport transport, TimeProvider time)
        {
            (_transport, _time) = (transport, time);
            MessageReader = new Reader(this, transport.MessageReader);
        }

        public string? SessionId => _transport.SessionId;

        public ChannelReader<JsonRpcMessage> MessageReader { get; }

        public bool IsFlooded => _isFlooded;

        public async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
        {
            // A call has its own limits. The server only has to take other messages.
            using var limit = new CancellationTokenSource(message is JsonRpcRequest ? Timeout.InfiniteTimeSpan : McpTransports.ConnectTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            var answered = message is JsonRpcResponse or JsonRpcError ? (JsonRpcMessageWithId)message : null;
            if (answered is not null)
            {
                lock (_lock)
                {
                    _unanswered.Remove(answered.Id);
                    _answering++;
                }
            }

            try
            {
                await _transport.SendMessageAsync(message, either.Token);
            }
            catch (Exception) when (answered is not null)
            {
                // The SDK would send an error instead, which the server would not take either.
            }
            catch (Exception) when (_isFlooded)
            {
                throw new TooManyRequestsException();
            }
            finally
            {
                if (answered is not null)
                {
                    lock (_lock)
                        _answering--;
                }
            }
        }

        /// <summary>Whether a message of the server is passed on.</summary>
        public bool Accepts(JsonRpcMessage message)
        {
            if (_isFlooded)
                return false;
            if (message is not JsonRpcRequest request)
            {
                // A request that is canceled gets no answer. An answer that is being sent counts until then.
                if (CanceledIn(message) is { } canceled)
                {
                    lock (_lock)
                        _unanswered.Remove(canceled);
                }

                return true;
            }

            lock (_lock)
            {
                if (_unanswered.Count + _answering < MaxUnanswered && request.Id.ToString().Length <= MaxId)
                {
                    // An id may occur twice: some servers number the requests of each stream.
                    _unanswered.Add(request.Id);
                    return true;
                }
            }

            // The server may take its time to confirm the end of the session.
            _isFlooded = true;
            (_transport as ProcessTransport.Connection)?.Kill();
            _ = _transport.DisposeAsync().AsTask();
            return false;
        }

        public ValueTask DisposeAsync() => _transport.DisposeAsync();

        private static RequestId? CanceledIn(JsonRpcMessage message)
        {
            if (message is not JsonRpcNotification { Method: NotificationMethods.CancelledNotification, Params: JsonObject canceled })
                return null;
            try
            {
                return canceled["requestId"].Deserialize<RequestId?>();
            }
            catch (Exception odd) when (odd is JsonException or ArgumentException or InvalidOperationException)
            {
                // The name occurs twice, or its value is no id.
                return null;
            }
        }
    }

    private sealed class Reader(Connection connection, ChannelReader<JsonRpcMessage> inner) : ChannelReader<JsonRpcMessage>
    {
        public override Task Completion => connection.IsFlooded && inner.Completion.IsCompleted ? Task.FromException(new TooManyRequestsException()) : inner.Completion;

        public override bool TryRead([MaybeNullWhen(false)] out JsonRpcMessage item)
        {
            while (inner.TryRead(out item))
            {
                if (connection.Accepts(item))
                    return true;
            }

            return false;
        }

        public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => inner.WaitToReadAsync(cancellationToken);
    }
}

/// <summary>A server sent more requests than it let be answered, and lost its connection.</summary>
internal sealed class TooManyRequestsException() : IOException("The server sent too many requests at the same time.");

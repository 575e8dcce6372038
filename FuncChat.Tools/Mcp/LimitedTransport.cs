using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using FuncChat.Tools.Fetch;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tools.Mcp;

/// <summary>
/// Limits what a server can ask of this client: the SDK answers each request of a server at once, however many there are, and with the HTTP transports each
/// answer is a request of its own. A server that sends more than a few for each running call before it has taken the answers loses its connection.
/// </summary>
/// <param name="budget">Of one stream that has all responses, which a response renews; null if each has a stream of its own.</param>
internal sealed class LimitedTransport(IClientTransport inner, TimeProvider time, ByteBudget? budget = null) : IClientTransport, IAsyncDisposable
{
    private const int MaxUnanswered = 32;
    private const int MaxUnansweredPerCall = 4;
    private const int MaxUnansweredOfAllCalls = 512;
    private const int MaxId = 256;

    private volatile bool _ignoredProbe;

    public string Name => inner.Name;

    /// <summary>Whether the server answered the first request of an earlier version, and not that of the current one before it.</summary>
    public bool IgnoredProbe => _ignoredProbe;

    public async Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default) => new Connection(this, await inner.ConnectAsync(cancellationToken), time, budget);

    public ValueTask DisposeAsync() => inner is IAsyncDisposable disposable ? disposable.DisposeAsync() : default;

    private sealed class Connection : ITransport
    {
        private readonly Lock _lock = new();
        private readonly HashSet<RequestId> _running = [];
        private readonly LimitedTransport _owner;
        private readonly ITransport _transport;
        private readonly TimeProvider _time;
        private readonly ByteBudget? _budget;
        private RequestId? _probe;
        private RequestId? _older;
        private int _unanswered;
        private int _limit;
        private volatile bool _isFlooded;

        public Connection(LimitedTransport owner, ITransport transport, TimeProvider time, ByteBudget? budget)
        {
            (_owner, _transport, _time, _budget) = (owner, transport, time, budget);
            MessageReader = new Reader(this, transport.MessageReader);
        }

        public string? SessionId => _transport.SessionId;

        public ChannelReader<JsonRpcMessage> MessageReader { get; }

        public bool IsFlooded => _isFlooded;

        public async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
        {
            if (message is JsonRpcRequest request)
            {
                await SendRequestAsync(request, cancellationToken);
                return;
            }

            // A call has its own limits. The server only has to take other messages.
            using var limit = new CancellationTokenSource(McpTransports.ConnectTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            var isAnswer = message is JsonRpcMessageWithId;
            try
            {
                await _transport.SendMessageAsync(message, either.Token);
            }
            catch (Exception) when (isAnswer)
            {
                // The SDK would send an error instead, which the server would not take either.
            }
            catch (Exception) when (_isFlooded)
            {
                throw new TooManyRequestsException();
            }
            finally
            {
                lock (_lock)
                {
                    if (isAnswer)
                        _unanswered--;
                    else if (CanceledBy(message) is { } canceled)
                        _running.Remove(canceled);
                }
            }
        }

        /// <summary>Whether a message of the server is passed on.</summary>
        public bool Accepts(JsonRpcMessage message)
        {
            if (_isFlooded)
                return false;
            lock (_lock)
            {
                switch (message)
                {
                    // All requests are answered at once, even if the server cancels them.
                    case JsonRpcNotification { Method: NotificationMethods.CancelledNotification }:
                        return false;
                    case JsonRpcRequest request:
                        // The requests of calls that have ended keep their places until they are answered.
                        _limit = Math.Max(MaxUnanswered + Math.Min(MaxUnansweredPerCall * _running.Count, MaxUnansweredOfAllCalls), Math.Min(_limit, _unanswered + MaxUnanswered));
                        if (_unanswered == _limit || request.Id.ToString().Length > MaxId)
                            break;
                        _unanswered++;
                        if (request.Method != RequestMethods.ElicitationCreate)
                            request.Params = null;
                        return true;
                    case JsonRpcMessageWithId answer:
                        if (ResponseId.NumberIn(answer.Id) is { } number && _running.Contains(number))
                            answer.Id = number;
                        NoteAnswer(answer.Id);
                        return true;
                    default:
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

        // A canceled request is no longer among those that run, and may be answered late.
        private void NoteAnswer(RequestId id)
        {
            if (_running.Remove(id))
                _budget?.Renew();
            if (id == _probe)
                _probe = null;
            else if (id == _older && _probe is not null)
                _owner._ignoredProbe = true;
        }

        private async Task SendRequestAsync(JsonRpcRequest request, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                _running.Add(request.Id);
                if (request.Method == RequestMethods.ServerDiscover)
                    _probe = request.Id;
                else if (request.Method == RequestMethods.Initialize)
                    _older = request.Id;
            }

            try
            {
                // The SDK waits for the response of a process whose output has ended for as long as it takes the input.
                if (_transport.MessageReader.Completion.IsCompleted)
                    throw _isFlooded ? new TooManyRequestsException() : new RequestNotSentException();
                await _transport.SendMessageAsync(request, cancellationToken);
            }
            catch (Exception failure)
            {
                lock (_lock)
                    _running.Remove(request.Id);
                if (_isFlooded && failure is not TooManyRequestsException)
                    throw new TooManyRequestsException();
                throw;
            }
        }

        private static RequestId? CanceledBy(JsonRpcMessage message) =>
            message is JsonRpcNotification { Method: NotificationMethods.CancelledNotification, Params: JsonObject canceled } ? canceled["requestId"].Deserialize<RequestId?>() : null;
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

/// <summary>The connection had ended before the request was sent.</summary>
internal sealed class RequestNotSentException() : IOException("The connection has ended.");

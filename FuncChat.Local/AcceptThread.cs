using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace FuncChat.Local;

/// <summary>
/// Accepts connections on a thread that does nothing else. Kestrel's own listener uses a socket thread, on which turns also write to their files: as
/// long as one of these writes waits for a stalled disk, the server would be unreachable.
/// </summary>
internal sealed class AcceptThreadFactory(IOptions<SocketTransportOptions> options, ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <summary>Other endpoints, such as Unix sockets, keep Kestrel's own listener.</summary>
    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            var socket = options.Value.CreateBoundListenSocket(endpoint);
            socket.Listen(options.Value.Backlog);
            return new(new AcceptThread(socket, options.Value, loggers));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(e.Message, e);
        }
    }
}

/// <inheritdoc cref="AcceptThreadFactory"/>
internal sealed class AcceptThread : IConnectionListener
{
    // Accepting fails at once as long as no more files may be open.
    private static readonly TimeSpan WaitAfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly SocketConnectionContextFactory _connections;
    private readonly bool _noDelay;

    // Kestrel takes the next connection on this thread, which costs it microseconds: it starts each one on another.
    private readonly Channel<ConnectionContext> _accepted = Channel.CreateUnbounded<ConnectionContext>(new() { SingleWriter = true, AllowSynchronousContinuations = true });
    private readonly ManualResetEventSlim _ended = new();

    public AcceptThread(Socket socket, SocketTransportOptions options, ILoggerFactory loggers)
    {
        _socket = socket;
        _noDelay = options.NoDelay;
        _connections = new SocketConnectionContextFactory(
            new SocketConnectionFactoryOptions
            {
                IOQueueCount = options.IOQueueCount,
                WaitForDataBeforeAllocatingBuffer = options.WaitForDataBeforeAllocatingBuffer,
                MaxReadBufferSize = options.MaxReadBufferSize,
                MaxWriteBufferSize = options.MaxWriteBufferSize,
                UnsafePreferInlineScheduling = options.UnsafePreferInlineScheduling,
            },
            loggers.CreateLogger("Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets"));
        EndPoint = socket.LocalEndPoint!;
        new Thread(AcceptAll) { IsBackground = true, Name = "Accept" }.Start();
    }

    public EndPoint EndPoint { get; }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _accepted.Reader.WaitToReadAsync(cancellationToken) && _accepted.Reader.TryRead(out var connection) ? connection : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _ended.Set();
        _socket.Dispose(); // ends the wait of the thread
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        _connections.Dispose();
    }

    private void AcceptAll()
    {
        while (!_ended.IsSet)
        {
            try
            {
                var accepted = _socket.Accept();
                if (accepted.LocalEndPoint is IPEndPoint)
                    accepted.NoDelay = _noDelay;
                _accepted.Writer.TryWrite(_connections.Create(accepted));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // A client that left before it was accepted, or the end of this listener.
                if (e is SocketException { SocketErrorCode: SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable })
                    _ended.Wait(WaitAfterFailure);
            }
        }

        _accepted.Writer.Complete();
    }
}

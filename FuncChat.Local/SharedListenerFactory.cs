using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace FuncChat.Local;

/// <summary>
/// Kestrel's sockets, with two of .NET's socket threads that accept connections to an address: while one waits for a disk that has stalled, the other one
/// accepts (docs/decisions/0017-writes-on-the-callers-thread.md).
/// </summary>
internal sealed partial class SharedListenerFactory : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets;

    public SharedListenerFactory(IOptions<SocketTransportOptions> options, ILoggerFactory loggers)
    {
        options.Value.CreateBoundListenSocket = static endpoint =>
            endpoint is SharedAddress shared ? shared.Open() : SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        _sockets = new SocketTransportFactory(options, loggers);
    }

    public bool CanBind(EndPoint endpoint) => _sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (endpoint is not IPEndPoint || !OperatingSystem.IsLinux())
            return await _sockets.BindAsync(endpoint, cancellationToken);
        var shared = new SharedAddress(endpoint);
        var first = await _sockets.BindAsync(shared, cancellationToken);
        try
        {
            return new SharedListener(first, await _sockets.BindAsync(shared, cancellationToken));
        }
        catch
        {
            await first.DisposeAsync();
            throw;
        }
    }

    /// <summary>An address that is listened on once, by a socket with two descriptors: .NET assigns each to a thread of its own.</summary>
    private sealed class SharedAddress(EndPoint address) : EndPoint
    {
        private Socket? _first;

        public Socket Open()
        {
            if (_first is not null)
                return new Socket(new SafeSocketHandle(Duplicate(_first.Handle), ownsHandle: true));
            return _first = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
        }

        // Not inherited by child processes.
        private static nint Duplicate(nint descriptor)
        {
            const int DuplicateCloseOnExec = 1030; // F_DUPFD_CLOEXEC of Linux
            var duplicate = FileControl((int)descriptor, DuplicateCloseOnExec, 0);
            return duplicate >= 0 ? duplicate : throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Two listeners as one.</summary>
    private sealed class SharedListener : IConnectionListener
    {
        private readonly IConnectionListener[] _listeners;
        private readonly Channel<ConnectionContext> _accepted = Channel.CreateUnbounded<ConnectionContext>(
            new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });

        public SharedListener(params IConnectionListener[] listeners)
        {
            _listeners = listeners;
            _ = CompleteAsync(Task.WhenAll(listeners.Select(AcceptAllAsync)));
        }

        public EndPoint EndPoint => _listeners[0].EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await _accepted.Reader.WaitToReadAsync(cancellationToken))
            {
                if (_accepted.Reader.TryRead(out var connection))
                    return connection;
            }

            return null;
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            foreach (var listener in _listeners)
                await listener.UnbindAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var listener in _listeners)
                await listener.DisposeAsync();
        }

        private async Task AcceptAllAsync(IConnectionListener listener)
        {
            // Null once the listener is unbound.
            while (await listener.AcceptAsync() is { } connection)
                _accepted.Writer.TryWrite(connection);
        }

        private async Task CompleteAsync(Task accepting)
        {
            await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _accepted.Writer.Complete(accepting.Exception);
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FileControl(int descriptor, int command, int argument);
}

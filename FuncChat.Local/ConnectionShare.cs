using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace FuncChat.Local;

/// <summary>
/// Limits the connections from one address to a quarter of those that the server accepts, so that a stranger can't take them all before anyone is asked to
/// sign in. The addresses of this machine are exempt: a reverse proxy on it connects for everyone.
/// </summary>
internal sealed class ConnectionShare(long limit)
{
    private const int MaxShare = 4;
    private const int NetworkBytes = 8; // of IPv6: one customer has at least a /64

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, long> _connections = [];

    /// <summary>Serves the connection, or closes it if its address has reached its share.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (NetworkOf(connection.RemoteEndPoint) is not { } network)
        {
            await next(connection);
            return;
        }

        if (!TryEnter(network))
        {
            connection.Abort();
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Leave(network);
        }
    }

    private static IPAddress? NetworkOf(EndPoint? remote)
    {
        if (remote is not IPEndPoint { Address: var address } || IPAddress.IsLoopback(address))
            return null;
        if (address.IsIPv4MappedToIPv6)
            return IPAddress.IsLoopback(address.MapToIPv4()) ? null : address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes);
    }

    private bool TryEnter(IPAddress network)
    {
        lock (_lock)
        {
            ref var connections = ref CollectionsMarshal.GetValueRefOrAddDefault(_connections, network, out _);
            if (connections >= Math.Max(limit / MaxShare, 1))
                return false;
            connections++;
            return true;
        }
    }

    private void Leave(IPAddress network)
    {
        lock (_lock)
        {
            if (--_connections[network] == 0)
                _connections.Remove(network);
        }
    }
}

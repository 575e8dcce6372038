using System.Net;
using System.Net.Sockets;

namespace FuncChat.Tools.Fetch;

/// <summary>The network of the machine.</summary>
internal sealed class SystemNetwork : INetwork
{
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        // A lookup that has begun ignores its token on Linux.
        Dns.GetHostAddressesAsync(host, cancellationToken).WaitAsync(cancellationToken);

    public async ValueTask<Stream> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

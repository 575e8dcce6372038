using System.Net;
using System.Net.Sockets;

namespace FuncChat.Tools.Fetch;

/// <summary>
/// Opens connections to the public internet only. A name is resolved once, every address it has is checked, and the
/// connection goes to a checked address: there is no second look-up in which the name could lead elsewhere.
/// </summary>
internal sealed class GuardedConnector(INetwork network, IReadOnlySet<HostAndPort> allowedPrivateHosts)
{
    /// <exception cref="ToolException">The host is not on the public internet.</exception>
    public async ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        host = host.Trim('[', ']'); // as HttpClient puts them around an IPv6 address
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await network.ResolveAsync(host, cancellationToken);
        // One private address among public ones is no accident: such a name is refused whole.
        if (!Array.TrueForAll(addresses, PublicAddress.Is) && !allowedPrivateHosts.Contains(new HostAndPort(host, port)))
            throw new ToolException($"'{host}' is not on the public internet, so it is not fetched.");

        SocketException? failure = null;
        foreach (var address in addresses)
        {
            try
            {
                return await network.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
            }
            catch (SocketException exception)
            {
                failure = exception;
            }
        }

        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }
}

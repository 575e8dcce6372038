using System.Net;
using System.Net.Sockets;

namespace FuncChat.Tools.Fetch;

/// <summary>
/// Opens connections to the public internet only. A name is resolved once, every address it has is checked, and the
/// connection goes to a checked address: there is no second look-up in which the name could lead elsewhere.
/// </summary>
/// <param name="allowsPrivate">Whether all private hosts are allowed; null for never.</param>
internal sealed class GuardedConnector(
    INetwork network, IReadOnlySet<HostAndPort> allowedPrivateHosts, Func<CancellationToken, ValueTask<bool>>? allowsPrivate = null)
{
    /// <summary>The message for a host that does not exist or is not public. It does not say which, so that no one learns names inside the network.</summary>
    public static string NoSuchHost(string host) => $"There is no host '{host}' on the public internet: check the spelling of the address.";

    /// <summary>A handler whose connections all lead through this one. It follows no redirects, and sends no cookies, no credentials and no trace ids of ours to other sites.</summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxResponseHeadersLength = 64,
        MaxResponseDrainSize = 0,
        ActivityHeadersPropagator = null,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken),
    };

    /// <exception cref="ToolException">The host is not on the public internet.</exception>
    public async ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        host = host.Trim('[', ']'); // as HttpClient puts them around an IPv6 address
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await network.ResolveAsync(host, cancellationToken);
        // A private address among public ones is no accident, so the name is refused.
        if (!Array.TrueForAll(addresses, PublicAddress.Is) && !allowedPrivateHosts.Contains(new HostAndPort(host, port))
            && (allowsPrivate is null || !await allowsPrivate(cancellationToken)))
        {
            throw new ToolException(NoSuchHost(host));
        }

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

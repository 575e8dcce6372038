using System.Net;

namespace FuncChat.Tools.Fetch;

/// <summary>Resolves names and opens sockets. Tests replace it.</summary>
internal interface INetwork
{
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);

    ValueTask<Stream> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken);
}

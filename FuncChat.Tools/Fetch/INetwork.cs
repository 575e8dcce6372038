using System.Net;

namespace FuncChat.Tools.Fetch;

/// <summary>Names and sockets: what the guard stands on, and what a test puts in its place.</summary>
internal interface INetwork
{
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);

    ValueTask<Stream> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken);
}

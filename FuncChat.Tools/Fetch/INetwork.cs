using System.Net;

namespace FuncChat.Tools.Fetch;

/// <summary>Names and sockets: what the guard builds on, and what a test replaces.</summary>
internal interface INetwork
{
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);

    ValueTask<Stream> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken);
}

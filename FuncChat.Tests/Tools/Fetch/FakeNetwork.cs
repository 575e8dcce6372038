using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using FuncChat.Tools.Fetch;

namespace FuncChat.Tests.Tools.Fetch;

/// <summary>A network in which names resolve as a test says, and every connection ends at one server, whatever address it asks for.</summary>
internal sealed class FakeNetwork(Uri server) : INetwork
{
    public static readonly IPAddress Public = IPAddress.Parse("93.184.215.14");

    private readonly ConcurrentDictionary<string, ConcurrentQueue<IPAddress[]>> _names = new(StringComparer.Ordinal);
    private readonly SystemNetwork _real = new();

    /// <summary>The names that were looked up, in order.</summary>
    public ConcurrentQueue<string> Lookups { get; } = new();

    /// <summary>The addresses that were connected to, in order.</summary>
    public ConcurrentQueue<IPEndPoint> Connections { get; } = new();

    /// <summary>Addresses at which no server answers.</summary>
    public HashSet<IPAddress> Dead { get; } = [];

    /// <summary>What a name resolves to, look-up by look-up; names that are not set resolve to a public address.</summary>
    public void Name(string name, params IPAddress[][] answers) => _names[name] = new(answers);

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        Lookups.Enqueue(host);
        return Task.FromResult(_names.TryGetValue(host, out var answers) && answers.TryDequeue(out var answer) ? answer : [Public]);
    }

    public ValueTask<Stream> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        Connections.Enqueue(endPoint);
        return Dead.Contains(endPoint.Address)
            ? throw new SocketException((int)SocketError.HostUnreachable)
            : _real.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port), cancellationToken);
    }
}

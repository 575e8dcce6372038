using System.Net;
using System.Net.Sockets;

namespace FuncChat.Tests.Support;

/// <summary>
/// A port of 127.0.0.1 for what can't listen on port 0. Systems choose those from 32768 up for others, so no other test gets it before it is used.
/// </summary>
internal static class UnusedPort
{
    private const int First = 20_000;
    private const int Count = 10_000;

    // The browser tests and the Functions tests run at the same time, in other processes.
    private static int _last = Random.Shared.Next(Count);

    /// <summary>Returns each port once.</summary>
    public static int Find()
    {
        while (true)
        {
            var port = First + (Interlocked.Increment(ref _last) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Another program has it.
            }
        }
    }
}

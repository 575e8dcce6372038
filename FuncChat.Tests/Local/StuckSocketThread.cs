using System.Net;
using System.Net.Sockets;
using FuncChat.Local;
using FuncChat.Web;

namespace FuncChat.Tests.Local;

/// <summary>
/// Runs in a process of its own: holds one of .NET's socket threads for good, as a write to a stalled disk does, then serves FuncChat.Local.
/// </summary>
internal static class StuckSocketThread
{
    /// <summary>The argument that makes the test assembly do this; the number of the thread and the address to listen on follow.</summary>
    public const string Argument = "hold-socket-thread";

    /// <summary>.NET's socket threads. Sockets are assigned to them in turn.</summary>
    public static int Count => Math.Max(2, Environment.ProcessorCount);

    public static async Task ServeAsync(int thread, string url)
    {
        SocketCompletions.RunInline();
        await HoldAsync(thread);
        await using var app = await LocalApp.BuildAsync(["--urls", url]);
        await app.RunAsync();
    }

    private static async Task HoldAsync(int thread)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var held = new TaskCompletionSource();
        for (var i = 0; i < Count; i++)
        {
            // A socket gets its thread with the first operation that waits.
            var sender = new TcpClient();
            sender.Connect((IPEndPoint)listener.LocalEndpoint);
            _ = HoldAfterFirstByteAsync(listener.AcceptSocket(), held);
            if (i == thread)
                sender.Client.Send([1]);
        }

        await held.Task;
    }

    private static async Task HoldAfterFirstByteAsync(Socket socket, TaskCompletionSource held)
    {
        await socket.ReceiveAsync(new byte[1]);
        _ = Task.Run(held.SetResult);
        Thread.CurrentThread.Join();
    }
}

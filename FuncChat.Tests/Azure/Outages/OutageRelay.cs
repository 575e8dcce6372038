using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FuncChat.Tests.Azure.Outages;

/// <summary>A port of 127.0.0.1 in front of a storage account, which can be away in each of the ways of <see cref="Outage"/>.</summary>
internal sealed class OutageRelay : IAsyncDisposable
{
    private static readonly byte[] ServerBusy = Encoding.ASCII.GetBytes(
        "HTTP/1.1 503 Server Busy\r\nx-ms-error-code: ServerBusy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

    private readonly Uri _target;
    private readonly ConcurrentDictionary<Socket, byte> _sockets = new();
    private readonly int _port;
    // Never listens. Without it, another program could get the port while connections are refused.
    private readonly Socket _reserved = Bind(0);
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private volatile object? _outage;

    public OutageRelay(Uri target)
    {
        _target = target;
        _port = ((IPEndPoint)_reserved.LocalEndPoint!).Port;
        Listen();
    }

    public Uri Address => new($"http://127.0.0.1:{_port}");

    /// <summary>The account is away from now on: connections that are open break, or fall silent.</summary>
    public async Task BeginAsync(Outage outage)
    {
        _outage = outage;
        if (outage == Outage.Refused)
            await StopAsync();
        if (outage != Outage.Hanging)
            ResetAll();
    }

    /// <summary>The account is back. Connections that hung are reset, as those that a firewall has dropped.</summary>
    public void End()
    {
        _outage = null;
        ResetAll();
        if (_listener is null)
            Listen();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _reserved.Dispose();
        ResetAll();
    }

    private static Socket Bind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        // Both sockets of the relay have the port.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    private void Listen()
    {
        _listener = Bind(_port);
        _listener.Listen();
        _accepting = AcceptAsync(_listener);
    }

    private async Task StopAsync()
    {
        _listener?.Dispose();
        _listener = null;
        await _accepting;
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return; // stopped
            }

            _ = CarryAsync(client);
        }
    }

    private async Task CarryAsync(Socket client)
    {
        _sockets[client] = 0;
        try
        {
            switch ((Outage?)_outage)
            {
                case null:
                    await RelayAsync(client);
                    break;
                case Outage.Unavailable:
                    await ReadHeadAsync(client);
                    await client.SendAsync(ServerBusy);
                    client.Shutdown(SocketShutdown.Send);
                    await DrainAsync(client);
                    break;
                case Outage.Hanging:
                    await DrainAsync(client);
                    break;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Either side is gone.
        }
        finally
        {
            Reset(client);
        }
    }

    private async Task RelayAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        _sockets[server] = 0;
        try
        {
            await server.ConnectAsync(_target.Host, _target.Port);
            await Task.WhenAny(CopyAsync(client, server), CopyAsync(server, client));
        }
        finally
        {
            Reset(server);
        }
    }

    // Bytes that arrive while the account hangs go nowhere.
    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                if (_outage is not null)
                    continue;
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Either side is gone.
        }
    }

    private static async Task ReadHeadAsync(Socket client)
    {
        var buffer = new byte[1];
        for (var matched = 0; matched < 4 && await client.ReceiveAsync(buffer) > 0;)
            matched = buffer[0] == "\r\n\r\n"u8[matched] ? matched + 1 : buffer[0] == '\r' ? 1 : 0;
    }

    private static async Task DrainAsync(Socket client)
    {
        var buffer = new byte[16 * 1024];
        while (await client.ReceiveAsync(buffer) > 0)
        {
            // Dropped.
        }
    }

    private void ResetAll()
    {
        foreach (var socket in _sockets.Keys)
            Reset(socket);
    }

    private void Reset(Socket socket)
    {
        if (_sockets.TryRemove(socket, out _))
            socket.Close(timeout: 0);
    }
}

using System.Net;
using System.Net.Sockets;
using FuncChat.Local;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Local;

public sealed class AcceptThreadTests
{
    private readonly AcceptThreadFactory _factory = new(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);

    [Fact]
    public async Task Connection_is_accepted_on_a_thread_that_does_nothing_else()
    {
        await using var listener = await BindAsync();
        var thread = Task.Run(async () =>
        {
            var accepting = listener.AcceptAsync().AsTask();
            var name = accepting.ContinueWith(_ => Thread.CurrentThread.Name, TaskContinuationOptions.ExecuteSynchronously);
            using var client = new TcpClient();
            await client.ConnectAsync((IPEndPoint)listener.EndPoint);
            await using var connection = await accepting;
            await client.GetStream().WriteAsync("hello"u8.ToArray());
            var read = await connection!.Transport.Input.ReadAsync();
            Assert.Equal(5, read.Buffer.Length);
            return await name;
        });

        Assert.Equal("Accept", await thread);
    }

    [Fact]
    public async Task Listener_ends_when_it_is_unbound()
    {
        await using var listener = await BindAsync();
        var accepting = listener.AcceptAsync().AsTask();

        await listener.UnbindAsync();

        Assert.Null(await accepting);
        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync((IPEndPoint)listener.EndPoint));
    }

    [Fact]
    public async Task Address_in_use_is_reported()
    {
        await using var listener = await BindAsync();

        await Assert.ThrowsAsync<AddressInUseException>(() => _factory.BindAsync(listener.EndPoint).AsTask());
    }

    // Kestrel asks the last one first.
    [Fact]
    public void Server_uses_it_for_addresses_and_keeps_the_listener_of_Kestrel_for_other_endpoints()
    {
        var builder = WebApplication.CreateBuilder();
        builder.ConfigureServer();
        using var services = builder.Services.BuildServiceProvider();

        var factories = services.GetServices<IConnectionListenerFactory>().ToList();

        var last = Assert.IsType<AcceptThreadFactory>(factories[^1]);
        Assert.True(last.CanBind(new IPEndPoint(IPAddress.IPv6Any, 80)));
        Assert.False(last.CanBind(new UnixDomainSocketEndPoint("/run/chat.sock")));
        Assert.Contains(factories, factory => factory is SocketTransportFactory);
    }

    private async Task<IConnectionListener> BindAsync() => await _factory.BindAsync(new IPEndPoint(IPAddress.Loopback, 0));
}

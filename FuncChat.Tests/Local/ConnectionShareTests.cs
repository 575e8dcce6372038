using System.Net;
using FuncChat.Local;
using Microsoft.AspNetCore.Connections;

namespace FuncChat.Tests.Local;

public sealed class ConnectionShareTests
{
    private readonly ConnectionShare _share = new(limit: 8);
    private readonly TaskCompletionSource _end = new();

    [Theory]
    [InlineData("203.0.113.1", "203.0.113.1", "203.0.113.1", "203.0.113.2")]
    [InlineData("::ffff:203.0.113.1", "203.0.113.1", "203.0.113.1", "203.0.113.2")]
    [InlineData("2001:db8::1", "2001:db8::2", "2001:db8::ffff:1", "2001:db8:0:1::1")]
    public async Task Address_holds_a_quarter_of_the_connections_and_others_the_rest(string first, string second, string third, string other)
    {
        var served = Serve(first);
        _ = Serve(second);

        Assert.True(IsRefused(third));
        Assert.False(IsRefused(other));

        _end.SetResult();
        await served;
        Assert.False(IsRefused(third));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public void Addresses_of_this_machine_are_not_limited(string address) => Assert.All(Enumerable.Range(0, 20), _ => Assert.False(IsRefused(address)));

    [Fact]
    public async Task Connection_that_fails_is_counted_no_more()
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await Assert.ThrowsAsync<ConnectionResetException>(
                () => _share.RunAsync(ConnectionOf("203.0.113.1"), _ => throw new ConnectionResetException("Reset.")));
        }

        Assert.False(IsRefused("203.0.113.1"));
    }

    private static DefaultConnectionContext ConnectionOf(string address) => new() { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 40_000) };

    private Task Serve(string address) => _share.RunAsync(ConnectionOf(address), _ => _end.Task);

    private bool IsRefused(string address)
    {
        var connection = ConnectionOf(address);
        var isServed = false;
        _ = _share.RunAsync(connection, _ =>
        {
            isServed = true;
            return _end.Task;
        });
        return !isServed;
    }
}

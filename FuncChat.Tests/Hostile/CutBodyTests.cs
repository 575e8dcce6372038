using System.Net.Sockets;
using System.Text;
using FuncChat.Tests.Support;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tests.Hostile;

/// <summary>Clients whose connection ends in the middle of a body.</summary>
public sealed class CutBodyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new();
    private readonly LogLines _logs = new();

    public void Dispose()
    {
        _logs.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [CutBodies]
    public async Task Body_that_ends_with_its_connection_starts_nothing_and_logs_no_warning(string path, string type, string length, string end)
    {
        await using var server = await LocalServer.StartWithAsync(
            _folder.Path,
            builder =>
            {
                builder.Logging.AddProvider(_logs);

                // As FuncChat.Local has it: the read of the body ends before the request is aborted.
                builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
            },
            _model.Catalog);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.Http.BaseAddress!.Host, server.Http.BaseAddress.Port);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\n{length}\r\nExpect: 100-continue\r\n\r\n"));

        // The server reads the body from here on.
        var answer = new byte[25];
        await stream.ReadExactlyAsync(answer);
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", Encoding.ASCII.GetString(answer));
        await stream.WriteAsync(length.StartsWith("Content-Length", StringComparison.Ordinal) ? "{"u8.ToArray() : "1\r\n{\r\n"u8.ToArray());
        if (end == "reset")
            tcp.Client.LingerState = new LingerOption(true, 0);
        if (end == "half closed")
            await ReadToEndAsync(tcp.Client, stream);
        tcp.Close();
        await server.StopAsync();

        Assert.DoesNotContain("Warning ", _logs.All, StringComparison.Ordinal);
        Assert.DoesNotContain("Error ", _logs.All, StringComparison.Ordinal);
        Assert.Empty(_model.Requests);
    }

    private static async Task ReadToEndAsync(Socket socket, NetworkStream stream)
    {
        socket.Shutdown(SocketShutdown.Send);
        try
        {
            await stream.CopyToAsync(Stream.Null);
        }
        catch (IOException)
        {
            // Kestrel closes the connection of such a client without an answer.
        }
    }

    private sealed class CutBodiesAttribute : Xunit.Sdk.DataAttribute
    {
        public override IEnumerable<object[]> GetData(System.Reflection.MethodInfo testMethod) =>
            from target in new[] { ("/api/chat", "application/json"), ("/api/files", "text/plain"), ("/api/files", "multipart/form-data; boundary=x"), ("/api/mcp", "application/json") }
            from length in new[] { "Content-Length: 1000", "Transfer-Encoding: chunked" }
            from end in new[] { "reset", "closed", "half closed" }
            select new object[] { target.Item1, target.Item2, length, end };
    }
}

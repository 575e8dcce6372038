using System.Net.Sockets;
using System.Text;

namespace FuncChat.Tests.Hostile;

/// <summary>Sends requests that no HTTP library would send, as bytes.</summary>
internal static class RawHttp
{
    /// <summary>A valid request whose response is a 200, the last one of its connection.</summary>
    public const string Health = "GET /api/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    /// <summary>The head of a chat request without its end.</summary>
    public const string Chat = "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    /// <summary>Sends the characters as Latin-1, and reads the response until the server closes the connection.</summary>
    public static async Task<string> SendAsync(Uri server, string request)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.Host, server.Port);
        await using var stream = tcp.GetStream();
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
            await stream.CopyToAsync(answer);
        }
        catch (IOException)
        {
            // A server that closes the connection before it has read everything may cut its own response.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }

    /// <summary>The number of responses in the text.</summary>
    public static int AnswersIn(string answer) => answer.Split("HTTP/1.1 ").Length - 1;
}

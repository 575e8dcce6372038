using System.Net.Sockets;
using System.Text;

namespace FuncChat.Tests.Hostile;

/// <summary>Requests as bytes, for those that no HTTP library would send.</summary>
internal static class RawHttp
{
    /// <summary>A valid request that is answered with 200, and is the last on its connection.</summary>
    public const string Health = "GET /api/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    /// <summary>The head of a chat request without its end.</summary>
    public const string Chat = "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    /// <summary>Sends the characters as Latin-1, and reads what comes back until the server closes.</summary>
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
            // A server that closes before it has read all may cut what it said last.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }

    /// <summary>How many answers the bytes hold.</summary>
    public static int AnswersIn(string answer) => answer.Split("HTTP/1.1 ").Length - 1;
}

using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace FuncChat.Bench.Upstream;

/// <summary>What the upstream plays.</summary>
/// <param name="Interval">Milliseconds between two pieces; 0 for none.</param>
internal readonly record struct Script(int Pieces, double Interval, bool IsToolCall = false, bool IsSearch = false);

/// <summary>Reads one HTTP request after another from a connection, as far as the upstream needs to understand them.</summary>
internal sealed class UpstreamRequest
{
    private byte[] _bytes = new byte[2048];
    private int _count;

    private ReadOnlySpan<byte> Received => _bytes.AsSpan(0, _count);

    /// <summary>Reads the next request; false where the connection has ended.</summary>
    public async ValueTask<bool> ReadAsync(Socket connection)
    {
        // No client sends a request before the last one is answered: the bytes read are one request, or the start of one.
        _count = 0;
        while (!IsWhole())
        {
            if (_count == _bytes.Length)
                Array.Resize(ref _bytes, _bytes.Length * 2);
            var read = await connection.ReceiveAsync(_bytes.AsMemory(_count));
            if (read == 0)
                return false;
            _count += read;
        }

        return true;
    }

    public Script Script()
    {
        if (Received.StartsWith("GET /search"u8))
            return new Script(0, 0, IsSearch: true);
        var model = Received[(Received.IndexOf("\"model\":\""u8) + 9)..];
        var words = Encoding.UTF8.GetString(model[..model.IndexOf((byte)'"')]).Split('-');
        return words switch
        {
            ["text", var pieces, var interval] => new Script(Number(pieces), double.Parse(interval, CultureInfo.InvariantCulture)),
            ["tool", var pieces] => new Script(Number(pieces), 0, IsToolCall: Received.IndexOf("\"tool_call_id\""u8) < 0),
            _ => throw new InvalidDataException(string.Join('-', words)),
        };
    }

    private bool IsWhole()
    {
        var head = Received.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        var lines = Encoding.ASCII.GetString(Received[..head]).Split("\r\n");
        var length = lines.FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        if (length is null && lines.Any(line => line.StartsWith("Transfer-Encoding:", StringComparison.OrdinalIgnoreCase)))
            throw new InvalidDataException("a body without a length");
        return _count >= head + 4 + (length is null ? 0 : Number(length["Content-Length:".Length..].Trim()));
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}

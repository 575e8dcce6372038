using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace FuncChat.Bench.Upstream;

/// <summary>What the upstream plays.</summary>
/// <param name="Interval">Milliseconds between two pieces; 0 for none.</param>
internal readonly record struct Script(int Pieces, double Interval)
{
    /// <summary>What is sent instead of pieces; null for pieces.</summary>
    public byte[]? Whole { get; init; }

    public bool IsSearch { get; init; }
}

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
            return new Script { IsSearch = true };
        if (Received.StartsWith("GET /page"u8))
            return new Script { Whole = Answers.Page };
        var model = Received[(Received.IndexOf("\"model\":\""u8) + 9)..];
        var words = Encoding.UTF8.GetString(model[..model.IndexOf((byte)'"')]).Split('-');
        return words switch
        {
            ["text", var pieces, var interval] => new Script(Number(pieces), double.Parse(interval, CultureInfo.InvariantCulture)),
            ["tool", var pieces] => new Script(Number(pieces), 0) { Whole = HasToolResult ? null : Answers.SearchCall },
            ["research", var pieces] when HasToolResult => new Script(Number(pieces), 0),
            ["research", _] when Received.IndexOf("\"tools\""u8) >= 0 => new Script { Whole = Answers.ResearchCall },
            ["research", _] => new Script(100, 50), // the tool's own calls
            _ => throw new InvalidDataException(string.Join('-', words)),
        };
    }

    private bool HasToolResult => Received.IndexOf("\"tool_call_id\""u8) >= 0;

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

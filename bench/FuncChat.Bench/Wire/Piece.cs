using System.Buffers;
using System.Buffers.Text;

namespace FuncChat.Bench.Wire;

/// <summary>
/// A piece of text as in JSON: its number, the time at which it was sent, and what a careless relay damages (a character of two
/// bytes, an escaped line end). `#000042 0000012345678901 é\n`
/// </summary>
internal static class Piece
{
    public const int Length = 29;
    private const int TimeAt = 8;
    private const int TailAt = 24;

    private static ReadOnlySpan<byte> Tail => " é\\n"u8;

    public static void Write(Span<byte> destination, int number, long time)
    {
        destination[0] = (byte)'#';
        Utf8Formatter.TryFormat(number, destination[1..], out _, new StandardFormat('D', 6));
        destination[7] = (byte)' ';
        Utf8Formatter.TryFormat(time, destination[TimeAt..], out _, new StandardFormat('D', 16));
        Tail.CopyTo(destination[TailAt..]);
    }

    /// <summary>Reads the piece that the bytes begin with; false where it is damaged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out int number, out long time)
    {
        number = 0;
        time = 0;
        return text.Length >= Length
            && text[0] == '#'
            && Utf8Parser.TryParse(text[1..7], out number, out var digits) && digits == 6
            && Utf8Parser.TryParse(text[TimeAt..TailAt], out time, out digits) && digits == 16
            && text[TailAt..].StartsWith(Tail);
    }
}

using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace FuncChat.Engine;

/// <summary>The inside of a JSON string as bytes: still escaped, without its quotes.</summary>
internal static class JsonStringBytes
{
    private const byte Quote = (byte)'"';
    private const byte Backslash = (byte)'\\';

    // ASCII that a JSON string holds unescaped. One vectorized search through it finds the end of most text.
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', 0x7F - ' ').Select(value => (byte)value).Where(value => value is not Quote and not Backslash)]);

    /// <summary>The length of the string whose inside begins here, or -1 if it has no end or any byte is invalid.</summary>
    public static int LengthOf(ReadOnlySpan<byte> inside)
    {
        var at = inside.IndexOfAnyExcept(Plain);
        return at >= 0 && inside[at] == Quote ? at : LengthOfUnplain(inside);
    }

    /// <summary>The same bytes if they are UTF-8, else a copy in which U+FFFD replaces what is not.</summary>
    public static ReadOnlyMemory<byte> ToValidUtf8(ReadOnlyMemory<byte> inside) =>
        Utf8.IsValid(inside.Span) ? inside : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(inside.Span));

    /// <summary>
    /// The string that the reader is at. Half a surrogate pair is kept, unlike in <see cref="Utf8JsonReader.GetString"/>,
    /// which throws: the other half may come in the next piece.
    /// </summary>
    public static string TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Unescape(Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    /// <inheritdoc cref="TextOf(ref Utf8JsonReader)"/>
    public static string TextOf(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Unescape(JsonMarshal.GetRawUtf8Value(text)[1..^1]);
        }
    }

    /// <summary>The text that the inside of a JSON string means. Half a surrogate pair is kept.</summary>
    public static string Unescape(ReadOnlySpan<byte> inside) => Unescape(Encoding.UTF8.GetString(inside));

    /// <summary>The length of the text that the inside of a JSON string means, in UTF-16.</summary>
    public static int LengthOfText(ReadOnlySpan<byte> inside) => inside.Contains(Backslash) ? Unescape(inside).Length : Encoding.UTF8.GetCharCount(inside);

    private static int LengthOfUnplain(ReadOnlySpan<byte> inside)
    {
        var end = 0;
        while (true)
        {
            var step = inside[end..].IndexOfAny(Quote, Backslash);
            if (step < 0)
                return -1;
            end += step;
            if (inside[end] == Quote)
                break;
            var escape = LengthOfEscape(inside[end..]);
            if (escape < 0)
                return -1;
            end += escape;
        }

        var text = inside[..end];
        return text.ContainsAnyInRange<byte>(0, 0x1F) || !Utf8.IsValid(text) ? -1 : end;
    }

    private static int LengthOfEscape(ReadOnlySpan<byte> escape)
    {
        if (escape.Length < 2)
            return -1;
        if (escape[1] != 'u')
            return "\"\\/bfnrt"u8.Contains(escape[1]) ? 2 : -1;
        if (escape.Length < 6)
            return -1;
        foreach (var digit in escape[2..6])
        {
            if (!char.IsAsciiHexDigit((char)digit))
                return -1;
        }
        return 6;
    }

    private static string Unescape(string escaped)
    {
        var text = new StringBuilder(escaped.Length);
        for (var at = 0; at < escaped.Length; at++)
        {
            if (escaped[at] != '\\')
            {
                text.Append(escaped[at]);
                continue;
            }

            at++;
            if (escaped[at] == 'u')
            {
                text.Append((char)ushort.Parse(escaped.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                at += 4;
            }
            else
            {
                text.Append(escaped[at] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', var itself => itself });
            }
        }
        return text.ToString();
    }
}

using System.Buffers.Text;
using System.Text;

namespace FuncChat.Tools;

/// <summary>
/// Half a surrogate pair in JSON, written as an escape: legal there, but no text. An answer that is cut in an emoji ends with one, and strict
/// servers refuse every later request whose history holds it.
/// </summary>
public static class LoneSurrogates
{
    private const int EscapeLength = 6;

    /// <summary>Whether there is such a half.</summary>
    /// <param name="json">JSON, or the inside of a JSON string.</param>
    public static bool AreIn(ReadOnlyMemory<byte> json) => !Replace(json).Equals(json);

    /// <summary>The text with U+FFFD in place of each such half.</summary>
    public static string Replace(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>The same bytes if they hold no such half, else a copy in which U+FFFD replaces each.</summary>
    /// <param name="json">JSON, or the inside of a JSON string.</param>
    public static ReadOnlyMemory<byte> Replace(ReadOnlyMemory<byte> json)
    {
        var span = json.Span;
        byte[]? repaired = null;
        for (var at = 0; at < span.Length;)
        {
            var step = span[at..].IndexOf((byte)'\\');
            if (step < 0)
                break;
            at += step;
            if (UnitAt(span, at) is not { } unit)
            {
                at += 2;
                continue;
            }

            var isPair = char.IsHighSurrogate(unit) && UnitAt(span, at + EscapeLength) is { } next && char.IsLowSurrogate(next);
            if (!isPair && char.IsSurrogate(unit))
            {
                repaired ??= span.ToArray();
                "\\ufffd"u8.CopyTo(repaired.AsSpan(at));
            }

            at += isPair ? 2 * EscapeLength : EscapeLength;
        }

        return repaired ?? json;
    }

    /// <summary>Replaces the halves in a piece of JSON, in place, and returns the length before an escape that the piece has only the beginning of.</summary>
    /// <param name="json">Begins at the start of an escape, or outside of one.</param>
    public static int ReplaceIn(Span<byte> json)
    {
        for (var at = 0; ;)
        {
            var step = json[at..].IndexOf((byte)'\\');
            if (step < 0)
                return json.Length;
            at += step;
            if (at + 1 == json.Length || (json[at + 1] == 'u' && at + EscapeLength > json.Length))
                return at;
            if (UnitAt(json, at) is not { } unit)
            {
                at += 2;
                continue;
            }

            var next = at + EscapeLength;
            if (char.IsHighSurrogate(unit) && (next == json.Length || (json[next] == '\\' && (next + 1 == json.Length || (json[next + 1] == 'u' && next + EscapeLength > json.Length)))))
                return at;
            var isPair = char.IsHighSurrogate(unit) && UnitAt(json, next) is { } other && char.IsLowSurrogate(other);
            if (!isPair && char.IsSurrogate(unit))
                "\\ufffd"u8.CopyTo(json[at..]);
            at = isPair ? next + EscapeLength : next;
        }
    }

    // The UTF-16 unit of the escape that begins here, if one does.
    private static char? UnitAt(ReadOnlySpan<byte> json, int at)
    {
        if (at + EscapeLength > json.Length || json[at] != '\\' || json[at + 1] != 'u')
            return null;
        return Utf8Parser.TryParse(json.Slice(at + 2, 4), out ushort unit, out var read, 'x') && read == 4 ? (char)unit : null;
    }
}

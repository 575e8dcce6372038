using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FuncChat.Engine.Models;

/// <summary>
/// Escapes what models leave as it is in the texts of JSON: the lines of a script, and the backslashes of regular expressions, shells, formulas and paths. JSON
/// allows neither.
/// </summary>
internal static partial class UnescapedText
{
    // Stands for an escaped backslash where a text is searched for paths. No text has it: the control characters of the text are spaces there.
    private const char Backslash = '\u0001';

    /// <summary>
    /// The JSON with its texts escaped. In a text with backslashes of its own, `\b` and `\f` are two characters, too: no text has a backspace. A line break, tab or
    /// return is read as JSON means it, unless the text may have a path or a formula: `C:\Users\temp` has a tab by JSON. Such JSON is returned as it is, so that
    /// the call fails.
    /// </summary>
    public static string Escape(string json)
    {
        if (!json.Contains('\\', StringComparison.Ordinal) && !json.AsSpan().ContainsAnyInRange('\0', '\u001F'))
            return json;
        var escaped = new StringBuilder(json.Length + 16);
        var end = 0;
        foreach (var found in Texts().EnumerateMatches(json))
        {
            escaped.Append(json, end, found.Index - end);
            var text = json.AsSpan(found.Index, found.Length);
            end = found.Index + found.Length;
            var hasOwn = HasOwnBackslash(text);
            if (hasOwn && MayHavePath(Decode(text)))
                return json;
            Append(escaped, text, hasOwn);
        }

        return escaped.Append(json, end, json.Length - end).ToString();
    }

    private static void Append(StringBuilder escaped, ReadOnlySpan<char> text, bool hasOwn)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (letter < ' ')
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            else if (letter != '\\' || i == text.Length - 1)
                escaped.Append(letter);
            else if (IsEscape(text[(i + 1)..]) && !(hasOwn && text[i + 1] is 'b' or 'f'))
                escaped.Append(letter).Append(text[++i]);
            else if (text[i + 1] != '\'') // JavaScript's
                escaped.Append("\\\\");
        }
    }

    // Not the one of a shell at the end of a line.
    private static bool HasOwnBackslash(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length - 1; i++)
        {
            if (text[i] != '\\')
                continue;
            if (!IsEscape(text[(i + 1)..]) && text[i + 1] is not '\'' and >= ' ')
                return true;
            i++;
        }

        return false;
    }

    private static bool MayHavePath(string decoded) => Shares().IsMatch(decoded) || (decoded.AsSpan().ContainsAny('\t', '\n', '\r') && Paths().IsMatch(decoded));

    // The text as JSON means it, between its quotes, with the backslashes of its own.
    private static string Decode(ReadOnlySpan<char> text)
    {
        var decoded = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (letter != '\\' || i == text.Length - 1 || !IsEscape(text[(i + 1)..]) || text[i + 1] is 'b' or 'f')
            {
                decoded.Append(letter < ' ' ? ' ' : letter);
                continue;
            }

            decoded.Append(text[++i] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', '\\' => Backslash, var other => other });
        }

        return decoded.ToString();
    }

    private static bool IsEscape(ReadOnlySpan<char> text) => text switch
    {
        ['"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't', ..] => true,
        ['u', var a, var b, var c, var d, ..] => char.IsAsciiHexDigit(a) && char.IsAsciiHexDigit(b) && char.IsAsciiHexDigit(c) && char.IsAsciiHexDigit(d),
        _ => false,
    };

    // One that does not end is no JSON.
    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"
        """, RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Texts();

    // \\server\share, where JSON has one backslash at the beginning.
    [GeneratedRegex(@"[\s""'(=]\u0001[\w.-]{2,}\\[\w.]", RegexOptions.NonBacktracking)]
    private static partial Regex Shares();

    [GeneratedRegex("""
        \\[^\W_bf][^\W_]                   # \Users, \alpha
        |\W[A-Za-z]:[\\\u0001\t\n\r][\w.]  # C:\notes
        |\\\.?[^\W_][\w.-]*\n\w            # src\d\notes
        |\n[\w.-]+\\\.?[^\W_]              # src\notes\d
        |[\w.%~)][\t\r][\w.]               # src\temp
        """, RegexOptions.NonBacktracking | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Paths();
}

namespace FuncChat.Engine.Chat;

/// <summary>Scripts whose words follow others without a space: Chinese, Japanese and Korean, Thai, Lao, Tibetan, Burmese and Khmer.</summary>
internal static class UnspacedScripts
{
    private static readonly (char First, char Last)[] Letters =
    [
        ('\u0E00', '\u109F'), ('\u1100', '\u11FF'), ('\u1780', '\u17FF'), ('\u2E80', '\u2FDF'), ('\u3005', '\u3007'), ('\u3021', '\u302F'), ('\u3031', '\u318F'),
        ('\u31A0', '\u31FF'), ('\u3400', '\u4DBF'), ('\u4E00', '\u9FFF'), ('\uA960', '\uA97F'), ('\uAC00', '\uD7FF'), ('\uF900', '\uFAFF'), ('\uFF66', '\uFFDC'),
    ];

    public static bool Contains(char letter) => letter >= Letters[0].First && Array.Exists(Letters, range => letter >= range.First && letter <= range.Last);
}

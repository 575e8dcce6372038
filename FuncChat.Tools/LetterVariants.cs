using System.Collections.Frozen;
using System.Text;

namespace FuncChat.Tools;

/// <summary>Variants of the letters in the name of the marks around untrusted text: with accents, small, raised, circled, bold, or of other scripts that look the same.</summary>
internal static class LetterVariants
{
    // From the compatibility decompositions of Unicode (NFKD), which .NET does not have under the invariant culture, and letters of similar shape.
    private static readonly FrozenDictionary<int, char> Letters = new (char Letter, string Variants)[]
    {
        ('u', "\u00F9\u00FA\u00FB\u00FC\u0169\u016B\u016D\u016F\u0171\u0173\u01B0\u01D4\u01D6\u01D8\u01DA\u01DC\u0215\u0217\u1D41\u1D58\u1D64\u1E73\u1E75\u1E77\u1E79"
            + "\u1E7B\u1EE5\u1EE7\u1EE9\u1EEB\u1EED\u1EEF\u1EF1\u24B0\u24E4\u1D1C\u03C5\u057D\u0289\uA79F\u1D7E"),
        ('n', "\u00F1\u0144\u0146\u0148\u01F9\u1D3A\u1E45\u1E47\u1E49\u1E4B\u207F\u2099\u2115\u24A9\u24DD\u0578\u03B7\u0274\u019E\u0272\u0273\u014B\u1D87\uA783"),
        ('t', "\u0163\u0165\u021B\u1D40\u1D57\u1E6B\u1E6D\u1E6F\u1E71\u1E97\u209C\u24AF\u24E3\u03C4\u0442\u1D1B\u0167\u01AD\u0288\u01AB\u0236\u1D75"),
        ('r', "\u0155\u0157\u0159\u0211\u0213\u02B3\u1D3F\u1D63\u1E59\u1E5B\u1E5D\u1E5F\u211B\u211C\u211D\u24AD\u24E1\u0433\u1D26\u0280\u024D\u027C\u027D\u027E\u1D72"
            + "\uA7A7"),
        ('s', "\u015B\u015D\u015F\u0161\u017F\u0219\u02E2\u1E61\u1E63\u1E65\u1E67\u1E69\u1E9B\u209B\u24AE\u24E2\u0455\uA731\u0282\u023F\u1D74"),
        ('e', "\u00E8\u00E9\u00EA\u00EB\u0113\u0115\u0117\u0119\u011B\u0205\u0207\u0229\u1D31\u1D49\u1E15\u1E17\u1E19\u1E1B\u1E1D\u1EB9\u1EBB\u1EBD\u1EBF\u1EC1\u1EC3"
            + "\u1EC5\u1EC7\u2091\u212F\u2130\u2147\u24A0\u24D4\u0435\u212E\u03B5\u0454\u1D07\u0247\u01DD\u0259\u025B"),
        ('d', "\u010F\u1D30\u1D48\u1E0B\u1E0D\u1E0F\u1E11\u1E13\u2145\u2146\u217E\u249F\u24D3\u0501\u1D05\u0111\u0256\u0257\u018C\u0221\u1D6D"),
        ('c', "\u00E7\u0107\u0109\u010B\u010D\u1D9C\u1E09\u2102\u212D\u217D\u249E\u24D2\uA7F2\u03F2\u0441\u1D04\u023C\u0188\u0255"),
        ('o', "\u00BA\u00F2\u00F3\u00F4\u00F5\u00F6\u014D\u014F\u0151\u01A1\u01D2\u01EB\u01ED\u020D\u020F\u022B\u022D\u022F\u0231\u1D3C\u1D52\u1E4D\u1E4F\u1E51\u1E53"
            + "\u1ECD\u1ECF\u1ED1\u1ED3\u1ED5\u1ED7\u1ED9\u1EDB\u1EDD\u1EDF\u1EE1\u1EE3\u2092\u2134\u24AA\u24DE\u03BF\u043E\u0585\u1D0F\u00F8\u0275\u0254\u05E1"),
    }.SelectMany(row => row.Variants.Select(variant => KeyValuePair.Create((int)variant, row.Letter))).DistinctBy(pair => pair.Key).ToFrozenDictionary();

    // Alphabets in a row.
    private static readonly (int First, int Last)[] Alphabets =
    [
        (0xFF21, 0xFF3A), (0xFF41, 0xFF5A), (0x249C, 0x24B5), (0x24B6, 0x24CF), (0x24D0, 0x24E9), (0x1D400, 0x1D6A3), (0x1F110, 0x1F129),
        (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189), (0x1F1E6, 0x1F1FF), (0xE0041, 0xE005A), (0xE0061, 0xE007A),
    ];

    /// <summary>The letter in lower case, if it is a variant of one; other ASCII characters as they are, and 0 for all others.</summary>
    public static char Fold(Rune letter)
    {
        if (letter.IsAscii)
            return char.ToLowerInvariant((char)letter.Value);
        foreach (var (first, last) in Alphabets)
        {
            if (letter.Value >= first && letter.Value <= last)
                return (char)('a' + (letter.Value - first) % 26);
        }

        return letter.Value == 0xFF1E ? '>' : Letters.TryGetValue(letter.Value, out var folded) || Letters.TryGetValue(Rune.ToLowerInvariant(letter).Value, out folded) ? folded : '\0';
    }
}

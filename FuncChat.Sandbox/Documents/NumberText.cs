using System.Globalization;
using System.Text;

namespace FuncChat.Sandbox.Documents;

/// <summary>Numbers as lists and notes show them.</summary>
internal static class NumberText
{
    private const int MaxRepeated = 8;

    private static readonly (int Value, string Text)[] Numerals =
    [
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ];

    /// <summary>With lowercase letters.</summary>
    public static string Roman(int number)
    {
        if (number is < 1 or > 3999)
            return number.ToString(CultureInfo.InvariantCulture);
        var text = new StringBuilder();
        foreach (var (value, numeral) in Numerals)
        {
            for (; number >= value; number -= value)
                text.Append(numeral);
        }

        return text.ToString();
    }

    /// <summary>From a to z, then from aa to zz, as Word counts.</summary>
    public static string Letter(int number) =>
        number is < 1 or > 26 * MaxRepeated ? number.ToString(CultureInfo.InvariantCulture) : new string((char)('a' + ((number - 1) % 26)), ((number - 1) / 26) + 1);
}

using System.Globalization;

namespace FuncChat.Engine;

/// <summary>A number that a client sends as text, in a query, a header or an id: digits alone. .NET's own methods accept characters U+0000 after them, too.</summary>
public static class WholeNumber
{
    /// <returns>False if there is another character, no digit, or a number that is too large.</returns>
    public static bool TryRead(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        return !text.ContainsAnyExceptInRange('0', '9') && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <inheritdoc cref="TryRead(ReadOnlySpan{char}, out long)"/>
    public static bool TryRead(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        return !text.ContainsAnyExceptInRange('0', '9') && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}

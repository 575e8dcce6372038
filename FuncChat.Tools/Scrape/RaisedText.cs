using System.Globalization;

#if SANDBOX
namespace FuncChat.Sandbox.Documents;
#else
namespace FuncChat.Tools.Scrape;
#endif

/// <summary>Superscripts and subscripts as text, so that 10<sup>6</sup> is never read as 106.</summary>
internal static class RaisedText
{
    private const string Plain = "0123456789+-−=()ni";
    private const string Raised = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ";
    private const string PlainBelow = "0123456789+-−=()";
    private const string Lowered = "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎";

    // These read the same on the line.
    private static readonly HashSet<string> Endings = new(StringComparer.OrdinalIgnoreCase)
    {
        "st", "nd", "rd", "th", "er", "re", "e", "ème", "eme", "o", "a", "os", "as", "º", "ª", "tm", "sm", "r", "®", "™", "©", "*", "†", "‡", "mo", "mme", "me", "le", "ers", "res", "es",
    };

    public static string Superscript(string text) =>
        Endings.Contains(text) ? text : Map(text, Plain, Raised) ?? (text.Length == 1 ? $"^{text}" : $"^({text})");

    public static string Subscript(string text) => Map(text, PlainBelow, Lowered) ?? (text.Length == 1 ? $"_{text}" : $"_({text})");

    /// <summary>A reference to a note: a number or a letter, in brackets.</summary>
    public static string Reference(string text) => text is ['[', ..] or ['(', ..] ? text : string.Create(CultureInfo.InvariantCulture, $"[{text}]");

    private static string? Map(string text, string from, string to) =>
        text.All(letter => from.Contains(letter, StringComparison.Ordinal)) ? string.Concat(text.Select(letter => to[from.IndexOf(letter, StringComparison.Ordinal)])) : null;
}

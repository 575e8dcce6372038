using System.Globalization;
using FuncChat.Tools.Fetch;

namespace FuncChat.Tools.Configuration;

/// <summary>Reads and writes the values of settings as text, the same way everywhere.</summary>
public static class SettingText
{
    /// <summary>What is wrong with a text that is not a key.</summary>
    public const string NotAKey = "contains what no key has, such as a space, a line break or quotes around it: copy the key again";

    /// <summary>Reads a value. A duration is a number of seconds, or hh:mm:ss, or d.hh:mm:ss.</summary>
    public static bool TryParse(string text, Type type, out object? value)
    {
        value = (Nullable.GetUnderlyingType(type) ?? type) switch
        {
            var t when t == typeof(string) => text,
            var t when t == typeof(bool) => bool.TryParse(text, out var flag) ? flag : null,
            var t when t == typeof(int) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
            var t when t == typeof(long) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
            var t when t == typeof(double) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
            var t when t == typeof(decimal) => decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) ? number : null,
            var t when t == typeof(TimeSpan) => DurationOf(text),
            // By its name only: the framework also reads numbers and lists.
            var t when t.IsEnum => Enum.GetNames(t).FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name ? Enum.Parse(t, name) : null,
            _ => null,
        };
        return value is not null;
    }

    /// <summary>An absolute http or https URL; null for anything else.</summary>
    public static Uri? UrlOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && WebUrl.IsHttp(url) && url.Host.Length > 0 && AsciiHost.Of(url) is not null ? url : null;

    /// <summary>Whether a text can be a key: printable ASCII without spaces, and without the quotes that some readers of env files keep.</summary>
    public static bool IsKey(string text) => text.All(letter => letter is > ' ' and < '\x7f') && text is not (['"', .., '"'] or ['\'', .., '\'']);

    public static string Of(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        IReadOnlyList<string> list => string.Join(',', list),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>A plain number is seconds. (`TimeSpan` alone reads 60 as days.)</summary>
    public static TimeSpan? DurationOf(string text)
    {
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? span : null;
    }
}

using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Engine.Models.Catalog;

/// <summary>
/// Reads single settings and collects what is wrong with them, so that a person who starts the server sees all faults at once. A fault
/// names the setting as it is set in the environment and gives a good value; it never repeats the value, which may be a misplaced key.
/// A blank setting is one that is not set.
/// </summary>
public sealed class SettingReader(IConfiguration configuration)
{
    private const int LongestModelName = 200;

    private readonly List<string> _faults = [];

    public IReadOnlyList<string> Faults => _faults;

    public void Fault(string key, string wrong, string good) =>
        _faults.Add($"{NameOf(key)} {wrong} (a good value: {good})");

    /// <summary>A key's name in the environment.</summary>
    public static string NameOf(string key) => key.Replace(":", "__", StringComparison.Ordinal);

    public string? Text(string key) => configuration[key] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    public bool IsSet(string key) => Text(key) is not null || configuration.GetSection(key).GetChildren().Any(child => IsSet(child.Path));

    public IEnumerable<string> NamesUnder(string key) => configuration.GetSection(key).GetChildren().Select(child => child.Key);

    public Uri? Url(string key, string good)
    {
        if (Text(key) is not { } text)
            return null;
        var wrong = !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0
            ? "is not an absolute http or https URL"
            : url.UserInfo.Length > 0 ? "holds a user name or password, which do not belong in it"
            : url.Fragment.Length > 0 ? "holds a #fragment, which does not belong in it"
            : null;
        if (wrong is null)
            return url;
        Fault(key, wrong, good);
        return null;
    }

    public string? ApiKey(string key)
    {
        var text = Text(key);
        if (text?.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) == true)
            Fault(key, "is a Key Vault reference that was not resolved", "one that the app's identity may read");
        else if (text?.All(letter => letter is > ' ' and < '\x7f') == false)
            Fault(key, "holds a space, a line break or a letter that no key has", "the key alone, as the provider shows it");
        else
            return text;
        return null;
    }

    /// <summary>Names with commas between them, or an indexed list; null where it is not set.</summary>
    public IReadOnlyList<string>? Names(string key, string good)
    {
        if (!IsSet(key))
            return null;
        var indexed = configuration.GetSection(key).GetChildren().Select(child => child.Value ?? "");
        var names = (Text(key)?.Split(',') ?? indexed).Select(name => name.Trim()).Where(name => name.Length > 0).Distinct().ToList();
        if (names.Count > 0 && names.TrueForAll(name => name.Length <= LongestModelName && !name.Any(char.IsControl)))
            return names;
        Fault(key, "is not a list of model names with commas between them", good);
        return null;
    }

    public int? Number(string key, int least, int most, int good)
    {
        if (Text(key) is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        Fault(key, $"is not a whole number from {least} to {most}", good.ToString(CultureInfo.InvariantCulture));
        return null;
    }

    public TimeSpan? Duration(string key, TimeSpan least, TimeSpan most, TimeSpan good)
    {
        if (Text(key) is not { } text)
            return null;
        if (DurationOf(text) is { } duration && duration >= least && duration <= most)
            return duration;
        Fault(key, $"is not a duration from {Show(least)} to {Show(most)} (seconds, or hh:mm:ss)", Show(good));
        return null;

        static string Show(TimeSpan span) => span.TotalSeconds.ToString(CultureInfo.InvariantCulture);
    }

    // A plain number is seconds, since TimeSpan takes 60 for days.
    private static TimeSpan? DurationOf(string text)
    {
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? span : null;
    }
}

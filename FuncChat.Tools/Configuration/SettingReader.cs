using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Tools.Configuration;

/// <summary>
/// Reads single settings and collects what is wrong with them (<see cref="SettingMessage"/>), so that the person who starts the server sees all problems
/// at once. A blank setting counts as not set.
/// </summary>
public sealed class SettingReader(IConfiguration configuration)
{
    private const int LongestModelName = 200;

    private readonly List<string> _errors = [];

    public IReadOnlyList<string> Errors => _errors;

    public void AddError(string key, string problem, string? example = null) => _errors.Add(SettingMessage.Of(key, problem, example));

    public string? Text(string key) => configuration[key] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    public bool IsSet(string key) => Text(key) is not null || SectionsUnder(key).Any(child => IsSet(child.Path));

    public IEnumerable<string> NamesUnder(string key) => SectionsUnder(key).Select(child => child.Key);

    internal IEnumerable<IConfigurationSection> SectionsUnder(string key) => configuration.GetSection(key).GetChildren();

    public Uri? Url(string key, string example)
    {
        if (Text(key) is not { } text)
            return null;
        var url = SettingText.UrlOf(text);
        var wrong = url is null ? "is not an absolute http or https URL"
            : url.UserInfo.Length > 0 ? "contains a user name or password"
            : url.Fragment.Length > 0 ? "contains a #fragment"
            : null;
        if (wrong is null)
            return url;
        AddError(key, wrong, example);
        return null;
    }

    public string? ApiKey(string key)
    {
        var text = Text(key);
        if (UnresolvedReferences.Is(text))
            AddError(key, UnresolvedReferences.Problem);
        else if (text is not null && !SettingText.IsKey(text))
            AddError(key, SettingText.NotAKey);
        else
            return text;
        return null;
    }

    /// <summary>Names of models separated by commas, or an indexed list; null if it is not set.</summary>
    /// <param name="maySpace">Whether a name may have spaces, as at some local servers.</param>
    public IReadOnlyList<string>? Names(string key, string example, bool maySpace = true)
    {
        if (!IsSet(key))
            return null;
        var indexed = SectionsUnder(key).Select(child => child.Value ?? "");
        var names = (Text(key)?.Split(',') ?? indexed).Select(name => name.Trim()).Where(name => name.Length > 0).Distinct().ToList();
        if (names.Count > 0 && names.TrueForAll(IsName))
            return names;
        AddError(key, "is not a list of model names separated by commas, without ; or quotes", example);
        return null;

        // What people write in place of commas, or around names, and no name has. Files and aliases of local servers have almost any other character.
        bool IsName(string name) => name.Length <= LongestModelName && !name.Any(char.IsControl) && name.AsSpan().IndexOfAny(";\"") < 0 && name.Trim('\'') == name
            && (maySpace || !name.Contains(' ', StringComparison.Ordinal));
    }

    public int? Number(string key, int least, int most, int example)
    {
        if (Text(key) is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        AddError(key, $"is not a whole number from {least} to {most}", example.ToString(CultureInfo.InvariantCulture));
        return null;
    }

    /// <summary>True or false; false if it is not set.</summary>
    public bool Flag(string key)
    {
        if (Text(key) is not { } text)
            return false;
        if (!bool.TryParse(text, out var flag))
            AddError(key, "must be true or false", "false");
        return flag;
    }

    public TimeSpan? Duration(string key, TimeSpan least, TimeSpan most, TimeSpan example)
    {
        if (Text(key) is not { } text)
            return null;
        if (SettingText.DurationOf(text) is { } duration && duration >= least && duration <= most)
            return duration;
        AddError(key, $"is not a duration from {Show(least)} to {Show(most)} (seconds, or hh:mm:ss)", Show(example));
        return null;

        static string Show(TimeSpan span) => span.TotalSeconds.ToString(CultureInfo.InvariantCulture);
    }
}

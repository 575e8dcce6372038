namespace FuncChat.Tools.Configuration;

/// <summary>Names of settings in the environment. A segment in angle brackets, such as `&lt;name&gt;`, is any name.</summary>
public sealed record KnownSettings(IReadOnlyList<string> Names)
{
    /// <summary>The settings of an options record, by all their names.</summary>
    public static KnownSettings Of<T>(string section) => new(
    [
        .. from setting in SettingProperty.AllOf(typeof(T), section)
           from name in new[] { setting.Name, SettingMessage.NameOf(setting.Key), setting.IsList ? $"{SettingMessage.NameOf(setting.Key)}__<index>" : null }.OfType<string>()
           select name,
    ]);

    /// <summary>Whether a key of the configuration is one of these settings.</summary>
    internal bool Have(string key) => Names.Any(pattern => Matches(pattern, SettingMessage.NameOf(key)));

    internal static bool Matches(string pattern, string name)
    {
        var (expected, given) = (pattern.Split("__"), name.Split("__"));
        return expected.Length == given.Length
            && expected.Zip(given).All(pair => pair.First.StartsWith('<') || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));
    }
}

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
}

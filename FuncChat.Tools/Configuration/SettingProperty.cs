using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace FuncChat.Tools.Configuration;

/// <summary>A property of an options record as a setting: its name, its text, what it must be.</summary>
internal sealed class SettingProperty(string section, PropertyInfo property)
{
    // The largest numbers of their types are no limits.
    private static readonly string[] Unlimited = [SettingText.Of(int.MaxValue), SettingText.Of(long.MaxValue)];

    /// <summary>The settings of an options record.</summary>
    public static IEnumerable<SettingProperty> AllOf(Type options, string section) =>
        options.GetProperties().Where(property => property.CanWrite).Select(property => new SettingProperty(section, property));

    public PropertyInfo Property => property;

    /// <summary>The configuration key that the section and the property make, such as `FuncChat:Turns:Heartbeat`.</summary>
    public string Key { get; } = $"{section}:{property.Name}";

    /// <summary>The name in the environment, such as `FuncChat__Turns__Heartbeat`, or a well-known one such as `BRAVE_API_KEY`.</summary>
    public string Name { get; } = property.GetCustomAttribute<SettingNameAttribute>()?.Name ?? SettingMessage.NameOf($"{section}:{property.Name}");

    public bool IsList => typeof(IReadOnlyList<string>).IsAssignableFrom(property.PropertyType);

    /// <summary>What the value must be, such as `from 1 to 50`; null if any value of its type is valid.</summary>
    public string? Range => property.GetCustomAttribute<RangeAttribute>() is not { } range ? null
        : HasMaximum ? $"from {SettingText.Of(range.Minimum)} to {SettingText.Of(range.Maximum)}"
        : $"at least {SettingText.Of(range.Minimum)}";

    /// <summary>What is wrong with the value; null if it is valid.</summary>
    /// <param name="isReadable">Whether the text could be read as the property's type.</param>
    /// <param name="defaults">An unchanged options record, whose value is the example.</param>
    public string? FindProblem(object? value, bool isReadable, object defaults)
    {
        var broken = isReadable ? property.GetCustomAttributes<ValidationAttribute>().FirstOrDefault(attribute => !attribute.IsValid(value)) : null;
        if (isReadable && broken is null)
            return null;
        var example = property.GetCustomAttribute<ExampleAttribute>()?.Text ?? SettingText.Of(property.GetValue(defaults));
        var problem = broken is null or RangeAttribute ? $"must be {Kind}{(Range is null ? "" : HasMaximum ? " " + Range : " of " + Range)}" : broken.FormatErrorMessage(Name);
        return SettingMessage.Of(Name, problem, example.Length == 0 ? null : example);
    }

    private bool HasMaximum => property.GetCustomAttribute<RangeAttribute>() is { } range && !Unlimited.Contains(SettingText.Of(range.Maximum));

    private string Kind => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) switch
    {
        var type when type == typeof(bool) => "true or false",
        var type when type == typeof(int) || type == typeof(long) => "a whole number",
        var type when type == typeof(TimeSpan) => "a duration (seconds, or hh:mm:ss)",
        var type when type.IsEnum => $"one of {string.Join(", ", Enum.GetNames(type))}",
        _ => "a number",
    };
}

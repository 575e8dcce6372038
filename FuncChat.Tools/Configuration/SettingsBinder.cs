using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools.Configuration;

/// <summary>Fills an options record from its section of the configuration, and validates it by the attributes of its properties.</summary>
/// <remarks>
/// The framework's binder repeats wrong values in its messages, stops at the first one, and reads a plain number as days for a duration.
/// </remarks>
internal sealed class SettingsBinder<T>(IConfiguration configuration, string section) : IConfigureOptions<T>, IValidateOptions<T>
    where T : class, new()
{
    private readonly SettingReader _reader = new(configuration);
    private readonly List<SettingProperty> _settings = [.. SettingProperty.AllOf(typeof(T), section)];

    public void Configure(T options)
    {
        foreach (var setting in _settings)
        {
            if (TryRead(setting, out var value) && value is not null)
                setting.Property.SetValue(options, value);
        }
    }

    public ValidateOptionsResult Validate(string? name, T options)
    {
        var defaults = new T();
        var problems = _settings
            .Select(setting => setting.FindProblem(setting.Property.GetValue(options), TryRead(setting, out _), defaults))
            .OfType<string>()
            .ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    // True with null if it is not set. A blank setting counts as not set.
    private bool TryRead(SettingProperty setting, out object? value)
    {
        value = null;
        if (setting.IsList)
        {
            value = ListOf(setting.Key);
            return true;
        }

        return (_reader.Text(setting.Name) ?? _reader.Text(setting.Key)) is not { } text || SettingText.TryParse(text, setting.Property.PropertyType, out value);
    }

    // One text with commas, or numbered keys.
    private string[]? ListOf(string key)
    {
        var (text, children) = (_reader.Text(key), _reader.SectionsUnder(key).Select(child => child.Value?.Trim()).OfType<string>().ToList());
        return text is null && children.Count == 0
            ? null
            : [.. text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [], .. children];
    }
}

using System.ComponentModel.DataAnnotations;

namespace FuncChat.Tools.Configuration;

/// <summary>A setting's name in the environment, in place of the one that its section and property make.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingNameAttribute(string name) : Attribute
{
    public string Name => name;
}

/// <summary>A valid value of a setting whose default is none.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ExampleAttribute(string text) : Attribute
{
    public string Text => text;
}

/// <summary>An absolute http or https URL without a user name or password.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HttpUrlAttribute() : ValidationAttribute("must be an absolute http or https URL without a user name or password")
{
    public override bool IsValid(object? value) => value is null || (value is string text && SettingText.UrlOf(text) is { UserInfo.Length: 0 });
}

/// <summary>A key of printable ASCII characters without spaces, and without quotes around it: others are mistakes of copying.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KeyTextAttribute() : ValidationAttribute(SettingText.NotAKey)
{
    public override bool IsValid(object? value) => value is null || (value is string text && SettingText.IsKey(text));
}

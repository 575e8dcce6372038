using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Tests.Architecture;
using FuncChat.Tests.Support;
using FuncChat.Tools.Configuration;

namespace FuncChat.Tests.Infra;

/// <summary>infra/hooks/settings.json has every setting of the code with its rule. `UPDATE_DOCS=1` writes it.</summary>
public sealed class HookSettingsTests
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Hook_has_the_rule_of_every_setting()
    {
        var path = Repository.PathOf("infra", "hooks", "settings.json");
        var lines = CodeSettings.Rules().OrderBy(rule => rule.Name, StringComparer.Ordinal)
            .Select(rule => $"  {JsonSerializer.Serialize(rule.Name, Compact)}: {RuleOf(rule.Property).ToJsonString(Compact)}");
        var expected = $"{{\n{string.Join(",\n", lines)}\n}}\n";
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            File.WriteAllText(path, expected);

        Assert.Equal(expected, File.ReadAllText(path));
    }

    private static JsonObject RuleOf(SettingProperty? setting)
    {
        var rule = new JsonObject();
        if (setting is null || KindOf(setting) is not { } kind)
            return rule;
        var type = Nullable.GetUnderlyingType(setting.Property.PropertyType) ?? setting.Property.PropertyType;
        rule["kind"] = kind;
        if (setting.Property.GetCustomAttributes(typeof(RangeAttribute), inherit: true).OfType<RangeAttribute>().SingleOrDefault() is { } range)
        {
            rule["min"] = NumberOf(range.Minimum, type);
            if (setting.Range!.StartsWith("from", StringComparison.Ordinal))
                rule["max"] = NumberOf(range.Maximum, type);
        }

        // Larger numbers can't be read.
        if (type == typeof(int))
            rule["max"] ??= int.MaxValue;
        if (type.IsEnum)
            rule["choices"] = new JsonArray([.. Enum.GetNames(type).Select(choice => JsonValue.Create(choice))]);
        var defaults = Activator.CreateInstance(setting.Property.DeclaringType!, nonPublic: true)!;

        // A text is refused by its attribute, any other value because it can't be read.
        var problem = type == typeof(string) ? setting.FindProblem("*\n", isReadable: true, defaults)! : setting.FindProblem(null, isReadable: false, defaults)!;
        rule["problem"] = problem[(setting.Name.Length + 1)..];
        return rule;
    }

    private static string? KindOf(SettingProperty setting)
    {
        var type = Nullable.GetUnderlyingType(setting.Property.PropertyType) ?? setting.Property.PropertyType;
        var checks = setting.Property.GetCustomAttributes(typeof(ValidationAttribute), inherit: true);
        return type == typeof(bool) ? "flag"
            : type == typeof(int) || type == typeof(long) ? "whole"
            : type == typeof(double) || type == typeof(decimal) ? "number"
            : type == typeof(TimeSpan) ? "duration"
            : type.IsEnum ? "choice"
            : checks.Any(check => check is HttpUrlAttribute) ? "url"
            : checks.Any(check => check is KeyTextAttribute) ? "key"
            : checks.Any(check => check.GetType().Name == "ExactOriginsAttribute") ? "origins"
            : null;
    }

    private static double NumberOf(object bound, Type type) => SettingText.TryParse(SettingText.Of(bound), type, out var value)
        ? value is TimeSpan duration ? duration.TotalSeconds : Convert.ToDouble(value, CultureInfo.InvariantCulture)
        : throw new InvalidOperationException($"{bound} is no {type.Name}.");
}

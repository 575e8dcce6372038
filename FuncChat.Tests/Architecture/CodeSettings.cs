using System.Reflection;
using FuncChat.Engine;
using FuncChat.Tools;
using FuncChat.Tools.Configuration;
using FuncChat.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Architecture;

/// <summary>A setting by its name in the environment, with its default and its valid range where the code has one.</summary>
internal sealed record CodeSetting(string Name, string? Default = null, string? Range = null);

/// <summary>
/// Every setting that the code reads: the properties of options records, and the names that services register.
/// </summary>
internal static class CodeSettings
{
    private static readonly string[] Assemblies = ["FuncChat.Tools", "FuncChat.Engine", "FuncChat.Web", "FuncChat.Azure", "FuncChat.Local"];

    // Second names of settings that are documented by their well-known ones.
    private static readonly string[] Aliases =
        ["FuncChat__Search__BraveApiKey", "FuncChat__Search__TavilyApiKey", "FuncChat__Search__SearxngUrl", "FuncChat__Turns__MaxToolIterations"];

    public static IReadOnlyList<CodeSetting> All() => [.. OfOptions().Concat(Registered()).DistinctBy(setting => setting.Name)];

    /// <summary>All names by which a setting is known, each with the property of the options record that checks it, if there is one.</summary>
    public static IReadOnlyList<(string Name, SettingProperty? Property)> Rules()
    {
        var ofOptions = Properties().SelectMany(setting => new[] { (setting.Name, (SettingProperty?)setting), (SettingMessage.NameOf(setting.Key), setting) });
        return [.. ofOptions.Concat(KnownNames().Select(name => (name, (SettingProperty?)null))).DistinctBy(rule => rule.Item1)];
    }

    private static IEnumerable<SettingProperty> Properties() =>
        from assembly in Assemblies
        from type in Assembly.Load(assembly).GetTypes()
        let section = type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string
        where section is not null
        from setting in SettingProperty.AllOf(type, section)
        select setting;

    private static IEnumerable<CodeSetting> OfOptions()
    {
        return Properties().Select(setting =>
        {
            var defaults = Activator.CreateInstance(setting.Property.DeclaringType!, nonPublic: true);
            return new CodeSetting(setting.Name, setting.Property.GetValue(defaults) is { } value and not string { Length: 0 } ? SettingText.Of(value) : null, setting.Range);
        });
    }

    private static IEnumerable<CodeSetting> Registered() => KnownNames()
        .Where(name => !name.EndsWith("<index>", StringComparison.Ordinal) && !Aliases.Contains(name))
        .Select(name => new CodeSetting(name));

    private static IEnumerable<string> KnownNames()
    {
        var configuration = new ConfigurationBuilder().Build();
        var services = new ServiceCollection().AddFuncChatTools(configuration).AddFuncChatEngine(configuration).AddFuncChatWeb(configuration);
        return services.Select(service => service.ImplementationInstance).OfType<KnownSettings>().SelectMany(known => known.Names);
    }
}

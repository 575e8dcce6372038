using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Tests.Architecture;

/// <summary>A setting by its name in the environment, and its default where the code holds one as a value.</summary>
internal sealed record CodeSetting(string Name, string? Default = null);

/// <summary>
/// Every setting that the code reads: the properties of the records that have a `Section`, the providers', and the names that stand in
/// the source as `configuration["…"]`, `Setting("…")` or a constant `…Key` or `…Setting`.
/// </summary>
internal static partial class CodeSettings
{
    private static readonly string[] Assemblies = ["FuncChat.Tools", "FuncChat.Engine", "FuncChat.Web", "FuncChat.Azure", "FuncChat.Local"];

    // Filled from settings with plain names, which the scan of the source finds.
    private static readonly string[] FilledByPlainNames =
        ["FuncChat__Search__BraveApiKey", "FuncChat__Search__TavilyApiKey", "FuncChat__Search__SearxngUrl", "FuncChat__Turns__MaxToolIterations"];

    public static IReadOnlyList<CodeSetting> All() =>
    [
        .. Assemblies.SelectMany(name => Assembly.Load(name).GetTypes()).SelectMany(OfOptions)
            .Concat(OfProviders())
            .Concat(InSource())
            .Where(setting => !FilledByPlainNames.Contains(setting.Name))
            .DistinctBy(setting => setting.Name),
    ];

    private static IEnumerable<CodeSetting> OfOptions(Type type)
    {
        if (type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() is not string section)
            return [];
        var defaults = Activator.CreateInstance(type, nonPublic: true);
        return type.GetProperties().Where(property => property.CanWrite).Select(property =>
            new CodeSetting(NameOf($"{section}:{property.Name}"), TextOf(property.GetValue(defaults))));
    }

    private static IEnumerable<CodeSetting> OfProviders()
    {
        foreach (var provider in WellKnownProvider.All)
        {
            yield return new(provider.ApiKeySetting);
            yield return new(provider.UrlSetting);
            yield return new(provider.ModelsSetting);
        }

        // The reader itself says which settings a named provider has, when it meets one that it does not know.
        var reader = new SettingReader(new ConfigurationBuilder()
            .AddInMemoryCollection([new("FuncChat:Providers:some:Url", "http://localhost/"), new("FuncChat:Providers:some:Unknown", "1")])
            .Build());
        ModelSettings.Read(reader);
        foreach (Match setting in ProviderSetting().Matches(Assert.Single(reader.Faults)))
            yield return new($"FuncChat__Providers__<name>__{setting.Value}");
    }

    private static IEnumerable<CodeSetting> InSource() =>
        from folder in Directory.EnumerateDirectories(Repository.Root, "FuncChat*")
        where !folder.EndsWith("Tests", StringComparison.Ordinal)
        from file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        from match in NameInSource().Matches(File.ReadAllText(file))
        select new CodeSetting(NameOf(match.Groups["name"].Value));

    private static string NameOf(string key) => key.Replace(":", "__", StringComparison.Ordinal);

    private static string? TextOf(object? value) => value switch
    {
        bool flag => flag ? "true" : "false",
        IConvertible or TimeSpan => Convert.ToString(value, CultureInfo.InvariantCulture),
        _ => null,
    };

    [GeneratedRegex(
        """onfiguration\["(?<name>[^"]+)"\]|\bSetting\("(?<name>[^"]+)"\)|const string \w*(Key|Setting) = "(?<name>FuncChat:[^"]+)";""",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameInSource();

    [GeneratedRegex("(?<=those are .*)[A-Z][A-Za-z]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ProviderSetting();
}

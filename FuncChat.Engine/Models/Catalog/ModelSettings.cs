using FuncChat.Engine.Models.Demo;
using FuncChat.Tools.Configuration;

namespace FuncChat.Engine.Models.Catalog;

/// <summary>All settings of models.</summary>
internal sealed record ModelSettings
{
    public const string DefaultModelKey = "FuncChat:DefaultModel";
    public const string DemoWordDelayKey = "FuncChat:Demo:WordDelay";

    /// <summary>The names of all of them in the environment.</summary>
    public static string[] Names { get; } =
    [
        .. WellKnownProvider.All.SelectMany(provider => new[] { provider.ApiKeySetting, provider.UrlSetting, provider.ModelsSetting }),
        .. WellKnownProvider.All.Select(provider => $"{provider.ModelsSetting}__<index>"),
        .. ProviderReader.Names.SelectMany(name => new[] { $"FuncChat__Providers__<name>__{name}", $"FuncChat__Providers__<name>__{name}__<index>" }),
        SettingMessage.NameOf(DefaultModelKey), SettingMessage.NameOf(DemoWordDelayKey),
    ];

    public static readonly TimeSpan StandardWordDelay = TimeSpan.FromMilliseconds(30);

    /// <summary>Every provider that is configured; none means the demo model.</summary>
    public required IReadOnlyList<ProviderSettings> Providers { get; init; }

    /// <summary>The model for requests that name none; null selects the first one listed.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>The demo model's wait between two words.</summary>
    public TimeSpan DemoWordDelay { get; init; } = StandardWordDelay;

    /// <summary>Reads all settings and collects errors in the reader.</summary>
    /// <param name="types">The provider types of the host; by default those that need no registration.</param>
    public static ModelSettings Read(SettingReader reader, IReadOnlyList<ProviderTypeInfo>? types = null)
    {
        var providers = new ProviderReader(reader, types ?? ProviderTypeInfo.BuiltIn).ReadAll();
        var names = new ModelNames(providers.Count > 0 ? [.. providers.Select(provider => provider.Models)] : [DemoModel.Provided]);
        var defaultModel = reader.Text(DefaultModelKey);

        // After another error, a provider may be missing only because of it: reporting it too would mislead.
        if (defaultModel is not null && reader.Errors.Count == 0 && !names.TryFind(defaultModel, out _, out _))
        {
            reader.AddError(DefaultModelKey, "names no configured model, or more than one",
                names.Ids.Count > 0 ? names.Ids[0] : $"{providers[0].Models.Provider}:<model>");
        }

        return new ModelSettings
        {
            Providers = providers,
            DefaultModel = defaultModel,
            DemoWordDelay = reader.Duration(DemoWordDelayKey, TimeSpan.Zero, TimeSpan.FromSeconds(5), StandardWordDelay) ?? StandardWordDelay,
        };
    }
}

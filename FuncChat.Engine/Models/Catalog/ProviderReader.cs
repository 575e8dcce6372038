using System.Text.RegularExpressions;
using FuncChat.Engine.Models.Demo;
using FuncChat.Tools.Configuration;

namespace FuncChat.Engine.Models.Catalog;

/// <summary>Reads the providers: the well-known ones from settings of their own, any others from `FuncChat:Providers:name`.</summary>
/// <param name="types">The provider types that this host has.</param>
internal sealed partial class ProviderReader(SettingReader reader, IReadOnlyList<ProviderTypeInfo> types)
{
    private const string Root = "FuncChat:Providers";
    private const string Type = "Type";
    private const string Url = "Url";
    private const string ApiKey = "ApiKey";
    private const string Auth = "Auth";
    private const string Scope = "Scope";
    private const string Models = "Models";
    private const string IdleTimeout = "IdleTimeout";
    private const string Timeout = "Timeout";
    private const string MaxRetries = "MaxRetries";
    private const string ContextLength = "ContextLength";

    private const string GoodUrl = "http://localhost:11434/v1";
    private const string AzureScope = "https://cognitiveservices.azure.com/.default";
    private const string GoodModels = "llama3.2:3b,qwen3:8b";

    /// <summary>The last part of each setting of a provider.</summary>
    public static string[] Names { get; } = [Type, Url, ApiKey, Auth, Scope, Models, IdleTimeout, Timeout, MaxRetries, ContextLength];

    public IReadOnlyList<ProviderSettings> ReadAll()
    {
        var wellKnown = WellKnownProvider.All.Select(ReadWellKnown);
        var named = reader.NamesUnder(Root).Where(name => reader.IsSet(Key(name))).Select(ReadNamed);
        return [.. wellKnown.Concat(named).OfType<ProviderSettings>()];
    }

    private ProviderSettings? ReadWellKnown(WellKnownProvider provider)
    {
        var key = reader.ApiKey(provider.ApiKeySetting);
        var url = reader.Url(provider.UrlSetting, provider.Url.ToString());
        var models = reader.Names(provider.ModelsSetting, string.Join(',', provider.Models.Take(2)), maySpace: url is not null && url.Host != provider.Url.Host);

        // An address alone is enough for a local server that needs no key, but the provider's own one needs it.
        if (reader.Text(provider.ApiKeySetting) is null && url?.Host == provider.Url.Host)
            reader.AddError(provider.ApiKeySetting, $"is not set, and {url.Host} requires one: copy it from the provider");

        return key is null && url is null
            ? null
            : Limits(provider.Name, url ?? provider.Url, new(provider.Name, models ?? provider.Models, TakesAny: models is null)) with
            {
                Type = ReadType(provider.Name, provider.Type).Name,
                ApiKey = key,
                ApiKeySetting = provider.ApiKeySetting,
                ModelsSetting = provider.ModelsSetting,
                ModelsAreAssumed = models is null && url is not null && url.Host != provider.Url.Host,
            };
    }

    private ProviderSettings? ReadNamed(string name)
    {
        if (name == DemoModel.Provided.Provider || !ProviderName().IsMatch(name))
        {
            reader.AddError(Key(name), "has a provider's name that is not allowed: up to 32 of a-z, 0-9 and -, and not \"demo\"",
                $"{SettingMessage.NameOf(Key("my-provider", Url))}={GoodUrl}");
            return null;
        }

        var wellKnown = WellKnownProvider.All.FirstOrDefault(provider => provider.Name == name);
        if (wellKnown is not null && (wellKnown.IsReserved || IsSet(wellKnown)))
        {
            RefuseOthers(name, [Type, IdleTimeout, Timeout, MaxRetries, ContextLength],
                $"is not read: {name} is set by {wellKnown.ApiKeySetting}, {wellKnown.UrlSetting} and {wellKnown.ModelsSetting}");
            return null;
        }

        RefuseOthers(name, Names, $"is not a setting of a provider: use one of {string.Join(", ", Names)}");

        var type = ReadType(name, ProviderTypeInfo.OpenAi.Name);
        var url = ReadUrl(name, type);
        var key = reader.ApiKey(Key(name, ApiKey));
        var models = reader.Names(Key(name, Models), GoodModels);
        var scope = ReadScope(name, url);
        if (url is null && type.HasUrl)
            return null;
        IReadOnlyList<string> listed = type == ProviderTypeInfo.Demo ? DemoModel.Provided.Listed : models ?? [];
        return Limits(name, url, new(name, listed, TakesAny: models is null && type != ProviderTypeInfo.Demo)) with
        {
            Type = type.Name,
            ApiKey = key,
            TokenScope = scope,
        };
    }

    private bool IsSet(WellKnownProvider provider) =>
        reader.IsSet(provider.ApiKeySetting) || reader.IsSet(provider.UrlSetting) || reader.IsSet(provider.ModelsSetting);

    private ProviderTypeInfo ReadType(string name, string standard)
    {
        var text = reader.Text(Key(name, Type)) ?? standard;
        if (types.FirstOrDefault(type => type.Name == text) is { } known)
            return known;
        reader.AddError(Key(name, Type), $"is not a type of provider: use one of {string.Join(", ", types.Select(type => type.Name).Order(StringComparer.Ordinal))}", standard);
        return ProviderTypeInfo.OpenAi;
    }

    private Uri? ReadUrl(string name, ProviderTypeInfo type)
    {
        if (reader.Text(Key(name, Url)) is null && type is { Url: null, HasUrl: true })
            reader.AddError(Key(name, Url), "is not set, and the provider can't be reached without it", GoodUrl);
        return reader.Url(Key(name, Url), GoodUrl) ?? (reader.Text(Key(name, Url)) is null ? type.Url : null);
    }

    private string? ReadScope(string name, Uri? url)
    {
        var (auth, scope) = (reader.Text(Key(name, Auth)) ?? "key", reader.Text(Key(name, Scope)));
        if (auth is not ("key" or "entra"))
            reader.AddError(Key(name, Auth), "is neither key nor entra", "entra");
        if (auth != "entra")
        {
            if (scope is not null && auth == "key")
                reader.AddError(Key(name, Scope), $"is not read without {SettingMessage.NameOf(Key(name, Auth))}=entra");
            return null;
        }

        if (reader.IsSet(Key(name, ApiKey)))
            reader.AddError(Key(name, ApiKey), "is set, though the provider is called with the app's identity: remove it");
        if (url is { Scheme: "http", IsLoopback: false })
            reader.AddError(Key(name, Url), "is not https, which tokens of the app's identity require", "https://name.openai.azure.com/openai/v1");
        if (scope?.EndsWith("/.default", StringComparison.Ordinal) == false)
            reader.AddError(Key(name, Scope), "does not end in /.default", AzureScope);
        return scope ?? AzureScope;
    }

    private ProviderSettings Limits(string name, Uri? url, ProviderModels models) => new()
    {
        Models = models,
        ApiKeySetting = Key(name, ApiKey),
        ModelsSetting = SettingMessage.NameOf(Key(name, Models)),
        Url = url,
        IdleTimeout = reader.Duration(Key(name, IdleTimeout), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), TimeSpan.FromMinutes(1)),
        Timeout = reader.Duration(Key(name, Timeout), TimeSpan.FromSeconds(1), TimeSpan.FromHours(24), TimeSpan.FromMinutes(10)),
        MaxRetries = reader.Number(Key(name, MaxRetries), 0, 10, 2),
        ContextLength = reader.Number(Key(name, ContextLength), 1, 100_000_000, 131_072),
    };

    private void RefuseOthers(string name, string[] known, string wrong)
    {
        foreach (var other in reader.NamesUnder(Key(name)).Except(known, StringComparer.OrdinalIgnoreCase).Where(other => reader.IsSet(Key(name, other))))
            reader.AddError(Key(name, other), wrong);
    }

    private static string Key(params ReadOnlySpan<string?> names) => string.Join(':', [Root, .. names]);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,31}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ProviderName();
}

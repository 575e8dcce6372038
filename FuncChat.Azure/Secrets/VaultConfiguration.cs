using Microsoft.Extensions.Configuration;

namespace FuncChat.Azure.Secrets;

/// <summary>
/// The vault's settings as a part of the configuration. Settings from elsewhere take precedence, unless they are blank. Since a source of lower priority would be
/// hidden by blank ones too, this one reads the others.
/// </summary>
internal sealed class VaultConfiguration : ConfigurationProvider, IConfigurationSource
{
    private readonly IConfigurationRoot _configuration;

    public VaultConfiguration(IConfigurationRoot configuration, IDictionary<string, string?> values)
    {
        _configuration = configuration;
        Data = values;
    }

    /// <summary>Remains the same instance when the configuration is rebuilt.</summary>
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override bool TryGet(string key, out string? value) => base.TryGet(key, out value) && !IsSetElsewhere(key);

    public override void Set(string key, string? value)
    {
        // What is set by hand is kept by the others: this holds what the vault has.
    }

    /// <summary>Replaces all values. Watchers of the configuration are notified if anything has changed.</summary>
    public void Replace(IDictionary<string, string?> values)
    {
        var before = Data;
        Data = values;
        if (before.Count != values.Count || values.Any(value => !before.TryGetValue(value.Key, out var old) || old != value.Value))
            OnReload();
    }

    private bool IsSetElsewhere(string key) => _configuration.Providers.Any(provider =>
        provider != this && provider.TryGet(key, out var value) && !string.IsNullOrWhiteSpace(value));
}

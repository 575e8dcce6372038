using FuncChat.Engine.Models.Http;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace FuncChat.Engine.Models.Catalog;

/// <summary>A key as it is set at the moment of the call, so that one that was rotated in the vault is used from then on.</summary>
internal sealed class ConfiguredApiKey(IConfiguration configuration, string setting) : ICredentialProvider
{
    private volatile ReadKey? _read;

    public ValueTask<string?> GetAsync(CancellationToken cancellationToken)
    {
        var read = _read;
        if (read is null || read.Reloaded.HasChanged)
            _read = read = Read();
        return new(read.Key);
    }

    // One that has become unfit to be sent is left out: the provider's refusal then points to the setting.
    private ReadKey Read() => new(configuration.GetReloadToken(), new SettingReader(configuration).ApiKey(setting));

    /// <param name="Reloaded">Changes with the settings. It was taken before they were read.</param>
    private sealed record ReadKey(IChangeToken Reloaded, string? Key);
}

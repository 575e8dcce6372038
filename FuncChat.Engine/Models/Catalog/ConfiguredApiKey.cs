using FuncChat.Engine.Models.Http;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Engine.Models.Catalog;

/// <summary>A key as it is set at the moment of the call, so that one that was rotated in the vault is used from then on.</summary>
internal sealed class ConfiguredApiKey(IConfiguration configuration, string setting) : ICredentialProvider
{
    // One that has become unfit to be sent is left out: the provider's refusal then points to the setting.
    public ValueTask<string?> GetAsync(CancellationToken cancellationToken) => new(new SettingReader(configuration).ApiKey(setting));
}

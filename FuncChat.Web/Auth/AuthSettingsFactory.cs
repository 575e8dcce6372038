using FuncChat.Engine.Models.Catalog;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Auth;

/// <summary>Makes <see cref="AuthSettings"/> where options are asked for, so that a host validates them at start like all others.</summary>
internal sealed class AuthSettingsFactory(IConfiguration configuration) : IOptionsFactory<AuthSettings>
{
    /// <exception cref="OptionsValidationException">Lists every setting that is wrong.</exception>
    public AuthSettings Create(string name)
    {
        var reader = new SettingReader(configuration);
        var settings = new AuthSettingsReader(reader).Read();
        return reader.Faults.Count == 0 ? settings : throw new OptionsValidationException(name, typeof(AuthSettings), reader.Faults);
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Models.Catalog;

/// <summary>Makes <see cref="ModelSettings"/> where options are asked for, so that a host validates them at start like all others.</summary>
internal sealed class ModelSettingsFactory(IConfiguration configuration) : IOptionsFactory<ModelSettings>
{
    /// <exception cref="OptionsValidationException">Lists every setting that is wrong.</exception>
    public ModelSettings Create(string name)
    {
        var reader = new SettingReader(configuration);
        var settings = ModelSettings.Read(reader);
        return reader.Faults.Count == 0 ? settings : throw new OptionsValidationException(name, typeof(ModelSettings), reader.Faults);
    }
}

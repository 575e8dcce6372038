using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools.Configuration;

public static class SettingsServices
{
    /// <summary>
    /// Adds an options record that is filled from a section of the configuration and validated at start. What is valid is said by attributes on its
    /// properties: `[Range]`, <see cref="HttpUrlAttribute"/>, <see cref="KeyTextAttribute"/>, or any other whose message reads on after the setting's name.
    /// </summary>
    /// <param name="section">The section, by convention the record's constant `Section`.</param>
    public static OptionsBuilder<T> AddSettings<T>(this IServiceCollection services, IConfiguration configuration, string section)
        where T : class, new()
    {
        services.AddKnownSettings<T>(section);
        var binder = new SettingsBinder<T>(configuration, section);
        services.AddSingleton<IConfigureOptions<T>>(binder);
        services.AddSingleton<IValidateOptions<T>>(binder);
        return services.AddOptions<T>().ValidateOnStart();
    }

    /// <summary>Adds a record that a reader of its own makes from the configuration, and reports its problems at start.</summary>
    public static void AddSettings<T>(this IServiceCollection services, IConfiguration configuration, Func<SettingReader, T> read)
        where T : class => services.AddSettings(configuration, (_, reader) => read(reader));

    /// <inheritdoc cref="AddSettings{T}(IServiceCollection, IConfiguration, Func{SettingReader, T})"/>
    public static void AddSettings<T>(this IServiceCollection services, IConfiguration configuration, Func<IServiceProvider, SettingReader, T> read)
        where T : class
    {
        services.AddSingleton<IOptionsFactory<T>>(provider => new SettingReaderFactory<T>(() => configuration, reader => read(provider, reader)));
        services.AddOptions<T>().ValidateOnStart();
    }

    /// <inheritdoc cref="AddSettings{T}(IServiceCollection, IConfiguration, Func{SettingReader, T})"/>
    /// <param name="configuration">Returns the configuration, or throws an <see cref="OptionsValidationException"/>.</param>
    internal static void AddSettings<T>(this IServiceCollection services, Func<IServiceProvider, IConfiguration> configuration, Func<SettingReader, T> read)
        where T : class
    {
        services.AddSingleton<IOptionsFactory<T>>(provider => new SettingReaderFactory<T>(() => configuration(provider), read));
        services.AddOptions<T>().ValidateOnStart();
    }

    /// <summary>Names settings that no options record holds. A segment in angle brackets, such as `&lt;name&gt;`, is any name.</summary>
    public static IServiceCollection AddKnownSettings(this IServiceCollection services, params string[] names) =>
        services.AddSingleton(new KnownSettings(names));

    /// <summary>Names the settings of an options record that may be added or not, so that they are known either way.</summary>
    public static IServiceCollection AddKnownSettings<T>(this IServiceCollection services, string section) => services.AddSingleton(KnownSettings.Of<T>(section));

    /// <summary>Refuses to start with a setting below `FuncChat` that nothing reads, and with one that is a reference which was not resolved.</summary>
    public static IServiceCollection AddUnknownSettingsCheck(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<UnknownSettings>().ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<UnknownSettings>>(provider => new UnknownSettings.Validator(configuration, provider.GetServices<KnownSettings>()));
        services.AddSingleton<IValidateOptions<UnknownSettings>>(provider => new UnresolvedReferences(configuration, provider.GetServices<KnownSettings>()));
        return services;
    }

    private sealed class SettingReaderFactory<T>(Func<IConfiguration> configuration, Func<SettingReader, T> read) : IOptionsFactory<T>
        where T : class
    {
        public T Create(string name)
        {
            var reader = new SettingReader(configuration());
            var settings = read(reader);
            return reader.Errors.Count == 0 ? settings : throw new OptionsValidationException(name, typeof(T), reader.Errors);
        }
    }
}

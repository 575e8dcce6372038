using Azure.Security.KeyVault.Secrets;
using FuncChat.Azure.Identity;
using FuncChat.Azure.Secrets;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Azure;

public static class VaultServices
{
    /// <summary>
    /// Adds the secrets of the vault that `KEY_VAULT_URI` names to the settings, and keeps them up to date. Settings from elsewhere take precedence. Does nothing if no
    /// vault is set. If the vault can't be read, the server starts with what is set elsewhere, unless that leaves no model to call.
    /// </summary>
    /// <exception cref="OptionsValidationException">`KEY_VAULT_URI` is not valid, or is not the address of a vault.</exception>
    public static async Task AddKeyVaultAsync(this IHostApplicationBuilder builder)
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration["KEY_VAULT_URI"]))
        {
            builder.Services.AddSettings<KeyVaultOptions>(builder.Configuration, KeyVaultOptions.Section);
            return;
        }

        var reader = new SettingReader(builder.Configuration);
        var uri = reader.Url("KEY_VAULT_URI", "https://name.vault.azure.net/");
        if (uri is { Scheme: not "https" })
            reader.AddError("KEY_VAULT_URI", "is not an https URL", "https://name.vault.azure.net/");
        if (reader.Errors.Count > 0)
            throw Wrong(reader.Errors);

        var credential = AppIdentity.Credential(AppIdentity.ClientIdOf(builder.Configuration));
        await builder.AddKeyVaultAsync(new SecretClient(uri, credential, ClientOptions()), TimeProvider.System);
    }

    internal static async Task AddKeyVaultAsync(this IHostApplicationBuilder builder, SecretClient client, TimeProvider time)
    {
        var reader = new VaultReader(client, time);
        var (secrets, failure) = await ReadFirstAsync(reader);
        var values = new VaultConfiguration((IConfigurationRoot)builder.Configuration, secrets);
        builder.Configuration.Add(values);

        builder.Services.AddSettings<KeyVaultOptions>(builder.Configuration, KeyVaultOptions.Section);
        builder.Services.AddSingleton(provider => new VaultRefresh(
            reader, values, provider.GetRequiredService<IOptions<KeyVaultOptions>>().Value.RefreshInterval, time,
            provider.GetRequiredService<ILogger<VaultRefresh>>(), failure));
        if (failure is not null)
            builder.Services.AddSingleton<IValidateOptions<KeyVaultOptions>>(provider => new VaultRequirement(failure, provider.GetService<ModelCatalog>));
        builder.Services.AddHostedService(provider => provider.GetRequiredService<VaultRefresh>());
        builder.Services.AddHealthChecks().AddCheck<VaultHealthCheck>("key_vault");
    }

    /// <summary>Gives up sooner than the client does by default: the start of the server waits for it.</summary>
    internal static SecretClientOptions ClientOptions() => new() { Retry = { MaxRetries = 2, NetworkTimeout = TimeSpan.FromSeconds(10) } };

    private static async Task<(IDictionary<string, string?> Secrets, string? Failure)> ReadFirstAsync(VaultReader reader)
    {
        try
        {
            return (await reader.ReadAsync(CancellationToken.None), null);
        }
        catch (Exception failure) when (!VaultFailures.MayPass(failure))
        {
            throw Wrong([VaultFailures.Describe(failure)]);
        }
        catch (Exception failure)
        {
            return (new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase), VaultFailures.Describe(failure));
        }
    }

    private static OptionsValidationException Wrong(IReadOnlyList<string> failures) => new("KEY_VAULT_URI", typeof(KeyVaultOptions), failures);
}

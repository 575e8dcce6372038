using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools.Configuration;

/// <summary>
/// Refuses settings that are references to a vault which the platform could not resolve. It passes them on as they are: they would be sent as keys, with the name
/// of the vault.
/// </summary>
internal sealed class UnresolvedReferences(IConfiguration configuration, IEnumerable<KnownSettings> registered) : IValidateOptions<UnknownSettings>
{
    public const string Problem = "is a Key Vault reference that was not resolved: check that the app's identity has access";

    public static bool Is(string? text) => text?.TrimStart().StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) == true;

    public ValidateOptionsResult Validate(string? name, UnknownSettings options)
    {
        var problems = configuration.AsEnumerable()
            .Where(setting => Is(setting.Value) && registered.Any(settings => settings.Have(setting.Key)))
            .Select(setting => SettingMessage.Of(setting.Key, Problem)).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}

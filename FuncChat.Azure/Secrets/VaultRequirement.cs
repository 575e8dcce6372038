using FuncChat.Engine.Models.Catalog;
using Microsoft.Extensions.Options;

namespace FuncChat.Azure.Secrets;

/// <summary>
/// Refuses a start without the vault if the demo model is the only one left: people would get its answers in place of those of the models whose keys are in the vault.
/// </summary>
/// <param name="failure">Why the vault can't be read.</param>
internal sealed class VaultRequirement(string failure, Func<ModelCatalog?> models) : IValidateOptions<KeyVaultOptions>
{
    public ValidateOptionsResult Validate(string? name, KeyVaultOptions options) =>
        models() is { } catalog && catalog.All.Any(model => !model.IsDemo) ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failure);
}

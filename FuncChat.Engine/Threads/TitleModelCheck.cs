using FuncChat.Engine.Models.Catalog;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Threads;

/// <summary>Refuses a model for titles that no provider has. Where a provider lists its models later, only a title shows that it lacks one.</summary>
internal sealed class TitleModelCheck(Func<ModelCatalog> models) : IValidateOptions<ThreadOptions>
{
    public ValidateOptionsResult Validate(string? name, ThreadOptions options)
    {
        if (options.ServerTitleModel is not { } model || models() is not { } catalog || catalog.TryResolve(model, out _, out _))
            return ValidateOptionsResult.Success;

        var prefixed = catalog.Providers.Where(provider => model.StartsWith(ProviderModels.IdOf(provider.Provider, ""), StringComparison.Ordinal)).ToList();
        if ((prefixed.Count > 0 ? prefixed : catalog.Providers).Any(provider => provider.TakesAny))
            return ValidateOptionsResult.Success;
        return ValidateOptionsResult.Fail(SettingMessage.Of(
            $"{ThreadOptions.Section}:{nameof(ThreadOptions.TitleModel)}", "names no configured model, or more than one", catalog.All[0].Id));
    }
}

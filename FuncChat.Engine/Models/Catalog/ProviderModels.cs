namespace FuncChat.Engine.Models.Catalog;

/// <summary>The models of one provider by name.</summary>
/// <param name="Provider">The provider's name, the prefix of its models' ids.</param>
/// <param name="Listed">The names that are offered, in the order of their display.</param>
/// <param name="TakesAny">True where a name that is not listed is passed on anyway, if it has the provider's prefix.</param>
public sealed record ProviderModels(string Provider, IReadOnlyList<string> Listed, bool TakesAny)
{
    /// <summary>Whether the provider has a model of this name.</summary>
    public bool Takes(string name) => Listed.Contains(name) || (TakesAny && ModelName.IsValid(name));

    public static string IdOf(string provider, string name) => $"{provider}:{name}";
}

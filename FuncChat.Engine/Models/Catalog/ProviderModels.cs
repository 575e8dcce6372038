namespace FuncChat.Engine.Models.Catalog;

/// <summary>The models of one provider by name.</summary>
/// <param name="Provider">The provider's name, the prefix of its models' ids.</param>
/// <param name="Listed">The names that are offered, in the order that they are shown in.</param>
/// <param name="TakesAny">True where a name that is not listed is passed on all the same, if it stands behind the provider's prefix.</param>
internal sealed record ProviderModels(string Provider, IReadOnlyList<string> Listed, bool TakesAny)
{
    public bool Takes(string name) => name.Length > 0 && (TakesAny || Listed.Contains(name));

    public static string IdOf(string provider, string name) => $"{provider}:{name}";
}

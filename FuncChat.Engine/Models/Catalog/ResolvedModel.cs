namespace FuncChat.Engine.Models.Catalog;

/// <summary>The model that a request names.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Name">The model's name as the provider knows it: the value for <see cref="ModelRequest.Model"/>.</param>
/// <param name="Model">The port that calls it.</param>
public sealed record ResolvedModel(string Provider, string Name, IModel Model)
{
    /// <summary>Where it is called; null for one in this process.</summary>
    public Uri? Address { get; init; }

    /// <summary>Whether its name is in the settings or reported by its provider; otherwise the caller chose it.</summary>
    public bool IsListed { get; init; }

    /// <summary>What the model can do, as far as its provider reports it.</summary>
    public ModelCapabilities Capabilities { get; init; } = ModelCapabilities.Unknown;

    /// <summary>`provider:name`, as in <see cref="ModelInfo.Id"/>.</summary>
    public string Id => ProviderModels.IdOf(Provider, Name);
}

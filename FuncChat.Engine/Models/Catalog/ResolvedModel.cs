namespace FuncChat.Engine.Models.Catalog;

/// <summary>The model that a request's name stands for.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Name">The model's name as the provider knows it: what <see cref="ModelRequest.Model"/> takes.</param>
/// <param name="Model">The port to call it by.</param>
public sealed record ResolvedModel(string Provider, string Name, IModel Model)
{
    /// <summary>Where it is called; null for one in this process.</summary>
    public Uri? Address { get; init; }

    /// <summary>`provider:name`, as in <see cref="ModelInfo.Id"/>.</summary>
    public string Id => ProviderModels.IdOf(Provider, Name);
}

namespace FuncChat.Engine.Models.Catalog;

/// <summary>A provider that is ready to be called: its models by name, and the port that calls them all.</summary>
/// <param name="Description">Says what a model of this provider is, given its name.</param>
internal sealed record ModelProvider(ProviderModels Models, IModel Model, Func<string, string> Description)
{
    public bool IsDemo { get; init; }

    /// <inheritdoc cref="ResolvedModel.Address"/>
    public Uri? Address { get; init; }
}

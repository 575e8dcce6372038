namespace FuncChat.Engine.Models.Catalog;

/// <summary>A provider in the catalog: its models by name, and how they are called.</summary>
/// <param name="Models">The names as they are set.</param>
/// <param name="Description">Returns what a model of this provider is, given its name.</param>
internal sealed record ModelProvider(ProviderModels Models, IModel Model, Func<string, string> Description)
{
    public bool IsDemo { get; init; }

    /// <inheritdoc cref="ResolvedModel.Address"/>
    public Uri? Address { get; init; }

    /// <inheritdoc cref="ProviderConnection.Capabilities"/>
    public ModelCapabilities Capabilities { get; init; } = ModelCapabilities.Unknown;

    /// <summary>Fetches the provider's own list; null where the settings have one, or the provider has none.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<ReportedModel>?>>? ListModels { get; init; }
}

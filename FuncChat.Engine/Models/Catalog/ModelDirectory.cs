namespace FuncChat.Engine.Models.Catalog;

/// <summary>What is known of the models at one time: their names over all providers, and their capabilities.</summary>
internal sealed class ModelDirectory
{
    private readonly Dictionary<string, ModelProvider> _providers;
    private readonly Dictionary<string, ModelCapabilities> _capabilities;
    private readonly HashSet<string> _listed;

    /// <param name="reported">The lists that providers reported, by provider.</param>
    /// <param name="defaultModel">The model for requests that name none; null selects the first one listed.</param>
    public ModelDirectory(
        IReadOnlyList<ModelProvider> providers, IReadOnlyDictionary<string, IReadOnlyList<ReportedModel>> reported, string? defaultModel)
    {
        _providers = providers.ToDictionary(provider => provider.Models.Provider, StringComparer.Ordinal);
        _capabilities = reported.SelectMany(list => list.Value.Select(model => (Id: ProviderModels.IdOf(list.Key, model.Name), model.Capabilities)))
            .DistinctBy(model => model.Id).ToDictionary(model => model.Id, model => model.Capabilities, StringComparer.Ordinal);
        var models = providers.Select(provider => With(provider.Models, reported.GetValueOrDefault(provider.Models.Provider))).ToList();
        _listed = [.. models.SelectMany(each => each.Listed.Select(name => ProviderModels.IdOf(each.Provider, name)))];
        Names = new ModelNames(models);
        Default = DefaultOf(defaultModel);
        All = [.. providers.Zip(models).SelectMany(each => InfosOf(each.First, each.Second))];
    }

    public ModelNames Names { get; }

    public ResolvedModel? Default { get; }

    public IReadOnlyList<ModelInfo> All { get; }

    public ResolvedModel Resolve(string provider, string name)
    {
        var own = _providers[provider];
        return new(provider, name, own.Model)
        {
            Address = own.Address,
            IsListed = _listed.Contains(ProviderModels.IdOf(provider, name)),
            Capabilities = CapabilitiesOf(own, name),
        };
    }

    // What the settings name stays first, so that the default model does not change.
    private static ProviderModels With(ProviderModels models, IReadOnlyList<ReportedModel>? reported) => reported is not { Count: > 0 }
        ? models
        : models with { Listed = [.. models.Listed.Where(name => reported.Any(model => model.Name == name)), .. reported.Select(model => model.Name).Except(models.Listed)] };

    private ModelCapabilities CapabilitiesOf(ModelProvider provider, string name) =>
        _capabilities.GetValueOrDefault(ProviderModels.IdOf(provider.Models.Provider, name), ModelCapabilities.Unknown).Within(provider.Capabilities);

    private ResolvedModel? DefaultOf(string? configured)
    {
        if (configured is null && Names.Ids.Count == 0)
            return null;
        var id = configured ?? Names.Ids[0];
        return Names.TryFind(id, out var found, out var wrong) ? Resolve(found.Provider, found.Name) : throw new ArgumentException(wrong, nameof(configured));
    }

    private IEnumerable<ModelInfo> InfosOf(ModelProvider provider, ProviderModels models)
    {
        var names = models.Listed;

        // A default that its provider accepts without listing it is shown too, since it is what answers.
        if (Default is not null && Default.Provider == models.Provider && !names.Contains(Default.Name))
            names = [.. names, Default.Name];

        return names.Select(name =>
        {
            var id = ProviderModels.IdOf(models.Provider, name);
            var capabilities = CapabilitiesOf(provider, name);
            return new ModelInfo(id, models.Provider, name, provider.Description(name), provider.IsDemo, id == Default?.Id)
            {
                Capabilities = capabilities == ModelCapabilities.Unknown ? null : capabilities,
            };
        });
    }
}

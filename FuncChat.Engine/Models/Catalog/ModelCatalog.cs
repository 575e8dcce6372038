using System.Diagnostics.CodeAnalysis;

namespace FuncChat.Engine.Models.Catalog;

/// <summary>The models that this server has, over all of its providers.</summary>
public sealed class ModelCatalog
{
    private readonly Dictionary<string, ModelProvider> _providers;
    private readonly ModelNames _names;
    private readonly ResolvedModel? _default;

    /// <param name="defaultModel">The model for requests that name none; null takes the first one listed. Must resolve.</param>
    internal ModelCatalog(IReadOnlyList<ModelProvider> providers, string? defaultModel = null)
    {
        _providers = providers.ToDictionary(provider => provider.Models.Provider, StringComparer.Ordinal);
        _names = new ModelNames([.. providers.Select(provider => provider.Models)]);
        _default = DefaultOf(_names, defaultModel);
        All = [.. providers.SelectMany(InfosOf)];
    }

    /// <summary>Every listed model, in the order of the settings; the default one is among them.</summary>
    public IReadOnlyList<ModelInfo> All { get; }

    /// <summary>Finds the model that a request asks for.</summary>
    /// <param name="name">
    /// `provider:name`, or a plain name that exactly one provider lists, or null for the default. A provider with a list of models in its
    /// settings takes those alone; one without takes any name behind its prefix.
    /// </param>
    /// <param name="error">Where there is no such model, or more than one: what to tell the caller.</param>
    public bool TryResolve(
        string? name, [NotNullWhen(true)] out ResolvedModel? model, [NotNullWhen(false)] out AppError? error)
    {
        model = null;
        string? wrong;
        if (name is null)
        {
            model = _default;
            wrong = $"This server has no default model: name one. {_names.WhatThereIs()}";
        }
        else if (_names.TryFind(name, out var found, out wrong))
        {
            model = Resolved(found);
        }

        error = model is null ? new AppError(ErrorCode.InvalidRequest, wrong!) { Path = "$.model" } : null;
        return model is not null;
    }

    private ResolvedModel? DefaultOf(ModelNames names, string? configured)
    {
        if (configured is null && names.Ids.Count == 0)
            return null;
        var id = configured ?? names.Ids[0];
        return names.TryFind(id, out var found, out var wrong) ? Resolved(found) : throw new ArgumentException(wrong, nameof(configured));
    }

    private ResolvedModel Resolved((string Provider, string Name) found) =>
        new(found.Provider, found.Name, _providers[found.Provider].Model) { Address = _providers[found.Provider].Address };

    private IEnumerable<ModelInfo> InfosOf(ModelProvider provider)
    {
        var names = provider.Models.Listed;

        // A default that its provider takes without listing it is shown too: people should see what answers them.
        if (_default is not null && _default.Provider == provider.Models.Provider && !names.Contains(_default.Name))
            names = [.. names, _default.Name];

        return names.Select(name =>
        {
            var id = ProviderModels.IdOf(provider.Models.Provider, name);
            return new ModelInfo(id, provider.Models.Provider, name, provider.Description(name), provider.IsDemo, id == _default?.Id);
        });
    }
}

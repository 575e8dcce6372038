using System.Diagnostics.CodeAnalysis;

namespace FuncChat.Engine.Models.Catalog;

/// <summary>The models that this server has, over all of its providers.</summary>
public sealed class ModelCatalog
{
    // A list is requested on first use, and again when it is this old.
    private static readonly TimeSpan ListAge = TimeSpan.FromHours(1);
    private static readonly TimeSpan RetryAge = TimeSpan.FromMinutes(1);

    // After this time, the page gets the names from the settings.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestFetch = TimeSpan.FromSeconds(20);

    private readonly IReadOnlyList<ModelProvider> _providers;
    private readonly string? _defaultModel;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private Dictionary<string, IReadOnlyList<ReportedModel>> _reported = new(StringComparer.Ordinal);
    private DateTimeOffset _due = DateTimeOffset.MinValue;
    private Task _refresh = Task.CompletedTask;
    private volatile ModelDirectory _directory;

    /// <param name="defaultModel">The model for requests that name none; null selects the first one listed. Must resolve.</param>
    internal ModelCatalog(IReadOnlyList<ModelProvider> providers, string? defaultModel = null, TimeProvider? time = null)
    {
        _providers = providers;
        _defaultModel = defaultModel;
        _time = time ?? TimeProvider.System;
        _directory = new ModelDirectory(providers, _reported, defaultModel);
    }

    /// <summary>Every known model, in the order of the settings; the default one is among them.</summary>
    public IReadOnlyList<ModelInfo> All => _directory.All;

    /// <summary>Every provider, in the order of the settings.</summary>
    public IReadOnlyList<ProviderModels> Providers => [.. _providers.Select(provider => provider.Models)];

    /// <summary>
    /// Every model, with those that providers without a list in the settings report. The lists are requested in the background, at most once an hour;
    /// the first caller waits for them for a moment.
    /// </summary>
    public async Task<IReadOnlyList<ModelInfo>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RefreshIfDue().WaitAsync(LongestWait, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // What is known so far.
        }

        return All;
    }

    /// <summary>Finds the model that a request asks for.</summary>
    /// <param name="name">
    /// `provider:name`, or a plain name that exactly one provider lists, or null for the default. A provider with a list of models in its
    /// settings accepts those alone; one without accepts any name after its prefix.
    /// </param>
    /// <param name="error">Where there is no such model, or more than one: what to report to the caller.</param>
    public bool TryResolve(
        string? name, [NotNullWhen(true)] out ResolvedModel? model, [NotNullWhen(false)] out AppError? error)
    {
        var directory = _directory;
        model = null;
        string? wrong;
        if (name is null)
        {
            model = directory.Default;
            wrong = $"This server has no default model: name one. {directory.Names.Summary()}";
        }
        else if (directory.Names.TryFind(name, out var found, out wrong))
        {
            model = directory.Resolve(found.Provider, found.Name);
        }

        error = model is null ? new AppError(ErrorCode.InvalidRequest, wrong!) { Path = "$.model", Reason = ErrorReason.ModelNotFound } : null;
        return model is not null;
    }

    /// <summary>Completes when no list is being fetched.</summary>
    internal Task RefreshedAsync()
    {
        lock (_gate)
            return _refresh;
    }

    // Returns a completed task while the lists are fresh, or are being fetched for the second time or later.
    private Task RefreshIfDue()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            if (_refresh.IsCompleted && now >= _due && _providers.Any(provider => provider.ListModels is not null))
            {
                _due = now + ListAge;
                _refresh = Task.Run(RefreshAsync);
            }

            return _reported.Count == 0 ? _refresh : Task.CompletedTask;
        }
    }

    private async Task RefreshAsync()
    {
        var lists = await Task.WhenAll(_providers.Where(provider => provider.ListModels is not null).Select(FetchAsync));
        lock (_gate)
        {
            var reported = new Dictionary<string, IReadOnlyList<ReportedModel>>(_reported, StringComparer.Ordinal);
            foreach (var (provider, models) in lists)
            {
                // A provider that is unavailable keeps its last list.
                if (models is { Count: > 0 })
                    reported[provider] = models;
                else
                    _due = _time.GetUtcNow() + (reported.ContainsKey(provider) ? RetryAge : ListAge);
            }

            _reported = reported;
            _directory = new ModelDirectory(_providers, reported, _defaultModel);
        }
    }

    private async Task<(string Provider, IReadOnlyList<ReportedModel>? Models)> FetchAsync(ModelProvider provider)
    {
        using var limit = new CancellationTokenSource(LongestFetch, _time);
        try
        {
            return (provider.Models.Provider, await provider.ListModels!(limit.Token));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // A provider without a list, or that can't be reached: its models are those of the settings, and any name can be typed.
            return (provider.Models.Provider, null);
        }
    }
}

namespace FuncChat.Engine.Models.Catalog;

/// <summary>
/// A type of provider: what `FuncChat__Providers__name__Type` selects. Registered by <see cref="ModelServices.AddModelProviderType{T}"/>.
/// </summary>
public interface IModelProviderType
{
    ProviderTypeInfo Info { get; }

    /// <summary>Makes a provider of this type ready to be called. Called once, when the catalog is created.</summary>
    ProviderConnection Connect(ProviderSettings settings);
}

/// <summary>What the settings must know of a provider type.</summary>
/// <param name="Name">The value of the setting: lower-case letters.</param>
/// <param name="Url">Where providers of this type are called if no `Url` is set; null where it must be set.</param>
public sealed record ProviderTypeInfo(string Name, Uri? Url = null)
{
    /// <summary>The chat completions of OpenAI, which most providers have: the default.</summary>
    public static ProviderTypeInfo OpenAi { get; } = new("openai");

    public static ProviderTypeInfo Responses { get; } = new("responses", new("https://api.openai.com/v1"));

    public static ProviderTypeInfo Anthropic { get; } = new("anthropic", new("https://api.anthropic.com/v1"));

    public static ProviderTypeInfo Demo { get; } = new("demo") { HasUrl = false };

    /// <summary>The types that need no registration by the host.</summary>
    public static IReadOnlyList<ProviderTypeInfo> BuiltIn { get; } = [OpenAi, Responses, Anthropic, Demo];

    /// <summary>False for a type that is not called at an address of its own.</summary>
    public bool HasUrl { get; init; } = true;
}

/// <summary>A provider that is ready to be called.</summary>
/// <param name="Model">The port that calls all of its models.</param>
public sealed record ProviderConnection(IModel Model)
{
    /// <inheritdoc cref="ResolvedModel.Address"/>
    public Uri? Address { get; init; }

    /// <summary>What every model of the provider accepts at most, since its type can carry no more. Null for what a model may accept or not.</summary>
    public ModelCapabilities Capabilities { get; init; } = ModelCapabilities.Unknown;

    /// <summary>Fetches the models that the provider reports; null where it reports none.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<ReportedModel>?>>? ListModels { get; init; }
}

/// <summary>A model as its provider reports it.</summary>
public sealed record ReportedModel(string Name, ModelCapabilities Capabilities);

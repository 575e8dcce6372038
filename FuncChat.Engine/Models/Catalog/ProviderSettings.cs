using System.Text;

namespace FuncChat.Engine.Models.Catalog;

/// <summary>How one provider of models is called.</summary>
public sealed record ProviderSettings
{
    public required ProviderModels Models { get; init; }

    /// <summary>The name of its <see cref="IModelProviderType"/>.</summary>
    public string Type { get; init; } = ProviderTypeInfo.OpenAi.Name;

    /// <summary>A base URL such as `https://api.openai.com/v1`, or the full one of an operation. Null for a type without one.</summary>
    public required Uri? Url { get; init; }

    /// <summary>Null for a server that needs none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The setting that <see cref="ApiKey"/> comes from, which is read again before each call.</summary>
    public required string ApiKeySetting { get; init; }

    /// <summary>The scope of the app's tokens, where the provider accepts its identity in place of a key; null otherwise.</summary>
    public string? TokenScope { get; init; }

    /// <summary>How long the provider may stay silent; null selects the type's default, as for the two below.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>How long a whole call may take.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How often a call that failed before its first byte is retried.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>The tokens that a conversation may have, for models of which the provider does not report it; null if unknown.</summary>
    public int? ContextLength { get; init; }

    /// <summary>The name of the setting that lists the provider's models.</summary>
    public required string ModelsSetting { get; init; }

    /// <summary>True where the well-known models are listed for a server at another address than the well-known one.</summary>
    public bool ModelsAreAssumed { get; init; }

    // A record prints all of its members, and logs get what is printed: neither the key nor the URL's query belongs there.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Provider = {Models.Provider}, Host = {Url?.Authority}");
        return true;
    }
}

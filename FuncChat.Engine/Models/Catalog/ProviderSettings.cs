using System.Text;

namespace FuncChat.Engine.Models.Catalog;

/// <summary>How to reach one provider of models over the OpenAI-compatible wire.</summary>
internal sealed record ProviderSettings
{
    public required ProviderModels Models { get; init; }

    /// <summary>A base URL such as `https://api.openai.com/v1`, or the full one of its chat completions.</summary>
    public required Uri Url { get; init; }

    /// <summary>Null for a server that asks for none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The setting that <see cref="ApiKey"/> comes from, which is read again before each call.</summary>
    public required string ApiKeySetting { get; init; }

    /// <summary>What the app's identity asks tokens for, where the provider takes it in place of a key; null where not.</summary>
    public string? TokenScope { get; init; }

    /// <summary>How long the provider may stay silent; null leaves it to the wire, like the two below.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>How long a whole call may take.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How often a call that failed before its first byte is made again.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>The setting that lists the provider's models, as people write it.</summary>
    public required string ModelsSetting { get; init; }

    /// <summary>True where the well-known models are listed for a server at another address than the well-known one.</summary>
    public bool ModelsAreAssumed { get; init; }

    // A record prints all that it holds, and what is printed ends up in logs: neither the key nor the URL's query belongs there.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Provider = {Models.Provider}, Host = {Url.Authority}");
        return true;
    }
}

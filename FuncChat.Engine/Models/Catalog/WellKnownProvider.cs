namespace FuncChat.Engine.Models.Catalog;

/// <summary>A provider that has settings of its own, such as `OPENAI_API_KEY`.</summary>
/// <param name="Prefix">What the names of its settings start with.</param>
/// <param name="Url">Its own address, which needs a key.</param>
/// <param name="Models">What is listed until the provider has reported its models, where none are set; the first is the default.</param>
internal sealed record WellKnownProvider(string Name, string Prefix, Uri Url, IReadOnlyList<string> Models)
{
    public static readonly IReadOnlyList<WellKnownProvider> All =
    [
        new("openai", "OPENAI", new("https://api.openai.com/v1"), ["gpt-4o-mini", "gpt-4o", "gpt-4.1-mini", "gpt-4.1", "gpt-5-mini", "gpt-5"])
        {
            IsReserved = true,
        },
        new("groq", "GROQ", new("https://api.groq.com/openai/v1"),
            ["llama-3.3-70b-versatile", "llama-3.1-8b-instant", "openai/gpt-oss-120b", "openai/gpt-oss-20b"])
        {
            IsReserved = true,
        },
        new("anthropic", "ANTHROPIC", new("https://api.anthropic.com/v1"), ["claude-sonnet-5", "claude-opus-5", "claude-haiku-4-5"])
        {
            Type = ProviderTypeInfo.Anthropic.Name,
        },
        new("gemini", "GEMINI", new("https://generativelanguage.googleapis.com/v1beta/openai"), ["gemini-flash-latest", "gemini-pro-latest"]),
        new("mistral", "MISTRAL", new("https://api.mistral.ai/v1"), ["mistral-large-latest", "mistral-medium-latest", "mistral-small-latest"]),
        new("deepseek", "DEEPSEEK", new("https://api.deepseek.com/v1"), ["deepseek-v4-flash", "deepseek-v4-pro"]),
        new("openrouter", "OPENROUTER", new("https://openrouter.ai/api/v1"), ["openrouter/auto"]),
    ];

    public string ApiKeySetting => $"{Prefix}_API_KEY";

    public string UrlSetting => $"{Prefix}_API_URL";

    public string ModelsSetting => $"{Prefix}_MODELS";

    public string Type { get; init; } = ProviderTypeInfo.OpenAi.Name;

    /// <summary>Whether the name can't be used for a provider of `FuncChat__Providers`, even while the settings of its own are not set.</summary>
    public bool IsReserved { get; init; }
}

namespace FuncChat.Engine.Models.Catalog;

/// <summary>A provider that has settings of its own, such as `OPENAI_API_KEY`.</summary>
/// <param name="Prefix">What the names of its settings start with.</param>
/// <param name="Url">Its own address, which needs a key.</param>
/// <param name="Models">What is listed where its models are not set; the first is the default.</param>
internal sealed record WellKnownProvider(string Name, string Prefix, Uri Url, IReadOnlyList<string> Models)
{
    public static readonly IReadOnlyList<WellKnownProvider> All =
    [
        new("openai", "OPENAI", new("https://api.openai.com/v1"), ["gpt-4o-mini", "gpt-4o", "gpt-4.1-mini", "gpt-4.1", "gpt-5-mini", "gpt-5"]),
        new("groq", "GROQ", new("https://api.groq.com/openai/v1"),
            ["llama-3.3-70b-versatile", "llama-3.1-8b-instant", "openai/gpt-oss-120b", "openai/gpt-oss-20b"]),
    ];

    public string ApiKeySetting => $"{Prefix}_API_KEY";

    public string UrlSetting => $"{Prefix}_API_URL";

    public string ModelsSetting => $"{Prefix}_MODELS";
}

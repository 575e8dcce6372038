using System.Collections.Frozen;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>Which messages of the history carry their reasoning back.</summary>
internal enum ReasoningEcho
{
    /// <summary>Those that this provider and model made, in the field that it arrived in.</summary>
    AsReceived,

    /// <summary>No message.</summary>
    Never,

    /// <summary>
    /// `reasoning_content` on every message that calls tools, and on the others of a turn that did; empty where another model made the message.
    /// </summary>
    WithToolCalls,
}

/// <summary>
/// What a provider's chat completions accept and want, where that differs from one to the next. What a profile doesn't know is learned:
/// see <see cref="Http.RefusedFields"/>.
/// </summary>
internal sealed record ProviderProfile
{
    /// <summary>The reasoning field of a provider that has reasoning among the parts of the content.</summary>
    public const string ThinkingPart = "thinking";

    private static readonly ProviderProfile Usual = new();

    private static readonly ProviderProfile OpenAi = new()
    {
        TokenLimit = "max_completion_tokens",
        HasDeveloperRole = true,
    };

    private static readonly ProviderProfile DeepSeek = new() { Reasoning = ReasoningEcho.WithToolCalls };

    private static readonly ProviderProfile Mistral = new()
    {
        ToolCallIds = ToolCallIdForm.NineCharacters,
        AnswersResults = true,
        MarksPrefill = true,
        SeedField = "random_seed",
        Ignores = Set("logit_bias", "logprobs", "top_logprobs", "user", "service_tier", "store", "verbosity", "safety_identifier", "prompt_cache_key", "metadata"),
    };

    // Servers of these models use Mistral's own templates, which are as strict as its API.
    private static readonly ProviderProfile MistralModel = new() { ToolCallIds = ToolCallIdForm.NineCharacters, AnswersResults = true };

    private static readonly ProviderProfile Gemini = new()
    {
        Ignores = Set("logit_bias", "user", "service_tier", "store", "verbosity", "safety_identifier", "prompt_cache_key", "metadata", "prediction", "parallel_tool_calls"),
    };

    private static readonly ProviderProfile NoReasoning = new() { Reasoning = ReasoningEcho.Never };

    // The chat templates of these models open the tag in the prompt. A server that parses thoughts sends them in a field of their own, before any text.
    private static readonly ProviderProfile OpenThinkTag = new() { OmitsOpeningThinkTag = true };

    private static readonly (string Host, ProviderProfile Profile)[] Hosts =
    [
        ("api.openai.com", OpenAi), ("azure.com", OpenAi), ("api.deepseek.com", DeepSeek), ("moonshot.ai", DeepSeek), ("moonshot.cn", DeepSeek),
        ("api.mistral.ai", Mistral), ("generativelanguage.googleapis.com", Gemini), ("api.cerebras.ai", NoReasoning),
    ];

    private static readonly (string Provider, ProviderProfile Profile)[] Names =
        [("deepseek", DeepSeek), ("moonshot", DeepSeek), ("kimi", DeepSeek), ("mistral", Mistral), ("gemini", Gemini)];

    // Behind a gateway the host says nothing, but the model's name does.
    private static readonly (string Model, ProviderProfile Profile)[] Models =
        [("deepseek-v4", DeepSeek), ("deepseek-reasoner", DeepSeek), ("kimi-k2", DeepSeek), ("gemma", NoReasoning),
            ("deepseek-r1", OpenThinkTag), ("qwq", OpenThinkTag), ("-thinking-2507", OpenThinkTag),
            ("mistral", MistralModel), ("ministral", MistralModel), ("devstral", MistralModel), ("magistral", MistralModel), ("codestral", MistralModel), ("mixtral", MistralModel)];

    /// <summary>The field that limits an answer's length.</summary>
    public string TokenLimit { get; init; } = "max_tokens";

    /// <summary>Whether the role `developer` is known; elsewhere such a message is sent as `system`.</summary>
    public bool HasDeveloperRole { get; init; }

    public ReasoningEcho Reasoning { get; init; }

    public ToolCallIdForm ToolCallIds { get; init; }

    /// <summary>Whether an assistant message must follow the results of tools before the user writes again.</summary>
    public bool AnswersResults { get; init; }

    /// <summary>Whether an assistant message at the end, which the model continues, is marked by `prefix`.</summary>
    public bool MarksPrefill { get; init; }

    /// <summary>Whether the model's thoughts come in its text, with a closing tag only.</summary>
    public bool OmitsOpeningThinkTag { get; init; }

    public string SeedField { get; init; } = "seed";

    /// <summary>Options that the provider refuses and that can be left out without changing what the answer means.</summary>
    public FrozenSet<string> Ignores { get; init; } = [];

    /// <summary>The profile for every model of a provider, by its host or by its name in the settings; null where it depends on the model.</summary>
    public static ProviderProfile? OfProvider(string host, string provider)
    {
        foreach (var (known, profile) in Hosts)
        {
            if (host.EndsWith(known, StringComparison.OrdinalIgnoreCase) && (host.Length == known.Length || host[^(known.Length + 1)] == '.'))
                return profile;
        }

        foreach (var (name, profile) in Names)
        {
            if (provider.Equals(name, StringComparison.OrdinalIgnoreCase))
                return profile;
        }

        return null;
    }

    /// <summary>The profile for a model of a provider that has none.</summary>
    public static ProviderProfile OfModel(string model)
    {
        foreach (var (known, profile) in Models)
        {
            if (model.Contains(known, StringComparison.OrdinalIgnoreCase))
                return profile;
        }

        return Usual;
    }

    private static FrozenSet<string> Set(params string[] options) => options.ToFrozenSet(StringComparer.Ordinal);
}

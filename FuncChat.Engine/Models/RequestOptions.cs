using System.Collections.Frozen;

namespace FuncChat.Engine.Models;

/// <summary>The fields of OpenAI's chat completions that are passed on to providers as the caller set them. Each provider type maps them to its API.</summary>
public static class RequestOptions
{
    /// <summary>What changes how the answer is made, not what it means: left out where a provider refuses it.</summary>
    public static FrozenSet<string> Optional { get; } = FrozenSet.Create(
        StringComparer.Ordinal, "parallel_tool_calls", "reasoning_effort", "verbosity", "seed", "service_tier", "prediction", "user", "metadata", "store",
        "safety_identifier", "prompt_cache_key");

    /// <summary>What the answer depends on: a provider that refuses it refuses the call.</summary>
    public static FrozenSet<string> Essential { get; } = FrozenSet.Create(
        StringComparer.Ordinal, "stop", "response_format", "tool_choice", "logprobs", "top_logprobs", "logit_bias", "modalities");

    public static IReadOnlyDictionary<string, RawJson> None { get; } = FrozenDictionary<string, RawJson>.Empty;

    /// <summary>Whether a field is passed on.</summary>
    public static bool IsKnown(string name) => Optional.Contains(name) || Essential.Contains(name);
}

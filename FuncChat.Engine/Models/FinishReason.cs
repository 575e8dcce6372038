namespace FuncChat.Engine.Models;

/// <summary>OpenAI's words for why a model stopped, to which those of other providers are mapped.</summary>
public static class FinishReason
{
    public const string Stop = "stop";
    public const string Length = "length";
    public const string ToolCalls = "tool_calls";
    public const string ContentFilter = "content_filter";

    /// <summary>The provider gave up in the middle of the answer.</summary>
    internal const string Error = "error";

    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["end_turn"] = Stop,
        ["stop_sequence"] = Stop,
        ["eos"] = Stop,
        ["eos_token"] = Stop,
        ["end"] = Stop,
        ["complete"] = Stop,
        ["completed"] = Stop,
        ["finish"] = Stop,
        ["finished"] = Stop,
        ["stopped"] = Stop,
        ["pause_turn"] = Stop,
        ["max_tokens"] = Length,
        ["max_output_tokens"] = Length,
        ["max_completion_tokens"] = Length,
        ["model_length"] = Length,
        ["token_limit"] = Length,
        ["length_limit"] = Length,
        ["max_length"] = Length,
        ["model_context_window_exceeded"] = Length,
        ["context_length_exceeded"] = Length,
        ["time_limit"] = Length,
        ["repetition"] = Length,
        ["tool_use"] = ToolCalls,
        ["tool_call"] = ToolCalls,
        ["tool-calls"] = ToolCalls,
        ["function_call"] = ToolCalls,
        ["content-filter"] = ContentFilter,
        ["content_filtered"] = ContentFilter,
        ["safety"] = ContentFilter,
        ["recitation"] = ContentFilter,
        ["blocklist"] = ContentFilter,
        ["prohibited_content"] = ContentFilter,
        ["image_safety"] = ContentFilter,
        ["image_prohibited_content"] = ContentFilter,
        ["image_recitation"] = ContentFilter,
        ["language"] = ContentFilter,
        ["spii"] = ContentFilter,
        ["error_toxic"] = ContentFilter,
        ["sensitive"] = ContentFilter,
        ["refusal"] = ContentFilter,
        ["guardrail_intervened"] = ContentFilter,
        ["network_error"] = Error,
        ["insufficient_system_resource"] = Error,
        ["malformed_function_call"] = Error,
        ["malformed_response"] = Error,
        ["unexpected_tool_call"] = Error,
        ["too_many_tool_calls"] = Error,
        ["missing_thought_signature"] = Error,
        ["function_call_filter"] = Error,
        ["failed"] = Error,
        ["model_error"] = Error,
        ["abort"] = Error,
        ["aborted"] = Error,
        ["cancelled"] = Error,
        ["canceled"] = Error,
    };

    private static readonly HashSet<string> NoReasons = new(StringComparer.OrdinalIgnoreCase) { "null", "none", "undefined", "in_progress", "finish_reason_unspecified" };

    /// <summary>Whether this is a word for an end, and not one of the provider's own, such as `unknown`.</summary>
    internal static bool IsKnown(string reason) => reason is Stop or Length or ToolCalls or ContentFilter;

    /// <summary>
    /// OpenAI's word for a provider's own, such as `max_tokens` or `SAFETY`. Null where there is none: some servers send the string `null`, or another
    /// of <see cref="NoReasons"/>, until the last chunk. A word that is not known is kept.
    /// </summary>
    internal static string? From(string word)
    {
        // Gemini adds its own word to one of OpenAI's: `content_filter: RECITATION`.
        var colon = word.IndexOf(':', StringComparison.Ordinal);
        var key = (colon > 0 ? word[..colon] : word).Trim();
        if (key.Length == 0 || NoReasons.Contains(key))
            return null;
        return Synonyms.TryGetValue(key, out var known) ? known
            : key.ToLowerInvariant() is Stop or Length or ToolCalls or ContentFilter or Error ? key.ToLowerInvariant()
            : word;
    }
}

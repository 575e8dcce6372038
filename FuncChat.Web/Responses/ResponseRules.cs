using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Web.Http;
using FuncChat.Web.OpenAi;

namespace FuncChat.Web.Responses;

/// <summary>The types of the fields of OpenAI's Responses API. Values that providers define, such as those of `reasoning.effort`, are theirs to check.</summary>
internal static class ResponseRules
{
    private const string State = "reasoning.encrypted_content";

    // What OpenAI's API knows. This server has none of it to include, except what providers want back with their reasoning, and citations, which it always includes.
    public static readonly string[] Includable =
    [
        "web_search_call.action.sources", "web_search_call.results", "code_interpreter_call.outputs", "computer_call_output.output.image_url",
        "file_search_call.results", "message.input_image.image_url", "message.output_text.logprobs", State,
    ];

    private const string OnlyCompletions = "only /api/v1/chat/completions has it";

    private static readonly Field[] Fields =
    [
        new("include", FieldRules.ArrayOf(FieldRules.OneOf(Includable))),
        new("conversation", FieldRules.ByType(
            "This must be the id of a conversation, or an object with one.",
            (JsonValueKind.String, FieldRules.AnyText), (JsonValueKind.Object, FieldRules.Object(new Field("id", FieldRules.AnyText, IsRequired: true))))),
        new("metadata", CompletionRules.Metadata),
        new("parallel_tool_calls", FieldRules.Flag),
        new("reasoning", FieldRules.Object(
            new Field("effort", FieldRules.AnyText),
            new Field("summary", FieldRules.OneOf("auto", "concise", "detailed")),
            new Field("generate_summary", FieldRules.OneOf("auto", "concise", "detailed")))),
        new("store", FieldRules.Flag),
        new("stream_options", FieldRules.Object(new Field("include_obfuscation", FieldRules.Flag))),
        new("text", FieldRules.Object(new Field("format", CompletionRules.AnswerFormat(FieldRules.Object(CompletionRules.SchemaFields))), new Field("verbosity", FieldRules.AnyText))),
        new("top_logprobs", CompletionRules.TopLogprobs),
        new("truncation", FieldRules.OneOf("auto", "disabled")),
        new("context_management", FieldRules.ArrayOf(FieldRules.AnyObject)),
        new("prompt_cache_retention", FieldRules.AnyText),
    ];

    private static readonly MisnamedFields Names = new([
        .. Fields.Select(field => field.Name), "input", "model", "instructions", "stream", "background", "previous_response_id", "tools", "server_tools", "tool_choice",
        "temperature", "top_p", "max_output_tokens", "max_tool_calls", "prompt", "service_tier", "user", "safety_identifier", "prompt_cache_key"])
    {
        Others = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["messages"] = "send input",
            ["system"] = "send instructions",
            ["functions"] = "send tools",
            ["max_tokens"] = "send max_output_tokens",
            ["max_completion_tokens"] = "send max_output_tokens",
            ["response_format"] = "send text.format",
            ["verbosity"] = "send text.verbosity",
            ["reasoning_effort"] = "send reasoning.effort",
            ["stop"] = OnlyCompletions,
            ["seed"] = OnlyCompletions,
            ["logit_bias"] = OnlyCompletions,
            ["prediction"] = OnlyCompletions,
            ["frequency_penalty"] = OnlyCompletions,
            ["presence_penalty"] = OnlyCompletions,
        },
    };

    /// <summary>Whether the request, which is valid, asks for what providers want back with their reasoning.</summary>
    public static bool IncludesState(JsonElement body) =>
        JsonField.TryGet(body, "include", out var include) && include.EnumerateArray().Any(asked => asked.ValueEquals(State));

    /// <summary>The first field whose value is of the wrong type, or that has another name.</summary>
    public static AppError? FindError(JsonElement body, bool stream)
    {
        if (FieldRules.FindError(body, "$", Fields) is { } error)
            return error;
        return CompletionRules.FindErrorOfStream(body, stream) ?? Names.FindError(body, "$");
    }
}

using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Web.Http;

namespace FuncChat.Web.OpenAi;

/// <summary>
/// The types of the fields of OpenAI's chat completions that this server passes on to providers. Values that providers define, such as those of
/// `reasoning_effort`, are theirs to check.
/// </summary>
internal static class CompletionRules
{
    public const int MaxStops = 64;

    /// <summary>OpenAI's limits of `metadata`.</summary>
    public static FieldRule Metadata { get; } = FieldRules.Map(FieldRules.Text(512), most: 16, maxNameLength: 64);

    /// <summary>The number of likely tokens to return per token.</summary>
    public static FieldRule TopLogprobs { get; } = FieldRules.WholeNumber(0, 20);

    /// <summary>The name of a tool, or of a schema.</summary>
    public static FieldRule ToolName { get; } = static (value, path) =>
        JsonField.TryGetText(value, out var name) && CompletionTools.IsName(name!) ? null : JsonField.Error(path, CompletionTools.NameRule);

    private static readonly Field[] Fields =
    [
        new("stop", FieldRules.ByType(
            "This must be a string, or an array of strings.",
            (JsonValueKind.String, FieldRules.AnyText), (JsonValueKind.Array, FieldRules.ArrayOf(FieldRules.AnyText, MaxStops)))),
        new("seed", FieldRules.WholeNumber(long.MinValue, long.MaxValue)),
        new("logit_bias", FieldRules.Map(FieldRules.Number(-100, 100))),
        new("logprobs", FieldRules.Flag),
        new("top_logprobs", TopLogprobs),
        new("response_format", AnswerFormat(FieldRules.Object(new Field("json_schema", FieldRules.Object(SchemaFields), IsRequired: true)))),
        new("parallel_tool_calls", FieldRules.Flag),
        new("reasoning_effort", FieldRules.AnyText),
        new("verbosity", FieldRules.AnyText),
        new("service_tier", FieldRules.AnyText),
        new("user", FieldRules.AnyText),
        new("safety_identifier", FieldRules.AnyText),
        new("prompt_cache_key", FieldRules.AnyText),
        new("metadata", Metadata),
        new("store", FieldRules.Flag),
        new("prediction", FieldRules.Object(new Field("type", FieldRules.OneOf("content"), IsRequired: true), new Field("content", FieldRules.ByType(
            "This must be a string, or an array of parts with a text.",
            (JsonValueKind.String, FieldRules.AnyText),
            (JsonValueKind.Array, FieldRules.ArrayOf(FieldRules.Object(new Field("text", FieldRules.AnyText, IsRequired: true))))), IsRequired: true))),
    ];

    /// <summary>The fields that a body of another protocol may have in addition to its own.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Fields.Select(field => field.Name), "model", "tools", "server_tools", "tool_choice", "temperature", "top_p", "frequency_penalty", "presence_penalty",
        "max_tokens", "max_completion_tokens",
    ];

    /// <summary>For bodies of other protocols, to which an app adds fields of chat completions, and its own.</summary>
    public static MisnamedFields MisnamedAdditions { get; } = new([.. Names])
    {
        Others = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["max_output_tokens"] = "send max_completion_tokens",
            ["stop_sequences"] = "send stop",
        },
    };

    private static MisnamedFields Misnamed { get; } = new([.. Names, "messages", "stream", "stream_options", "turn_id"])
    {
        Others = new Dictionary<string, string>(MisnamedAdditions.Others, StringComparer.Ordinal)
        {
            ["system"] = "send a message with the role system",
            ["instructions"] = "send a message with the role system",
            ["input"] = "send messages",
            ["text"] = "send response_format and verbosity",
            ["reasoning"] = "send reasoning_effort",
            ["previous_response_id"] = "use /api/v1/responses",
            ["conversation"] = "use /api/v1/responses",
        },
    };

    /// <summary>What a JSON schema that an answer must match has.</summary>
    public static Field[] SchemaFields =>
    [
        new("name", ToolName, IsRequired: true),
        new("schema", FieldRules.AnyObject, IsRequired: true),
        new("strict", FieldRules.Flag),
        new("description", FieldRules.AnyText),
    ];

    /// <summary>The format of an answer.</summary>
    /// <param name="schema">What it must have if it is a JSON schema.</param>
    public static FieldRule AnswerFormat(FieldRule schema)
    {
        var rule = FieldRules.Object(new Field("type", FieldRules.OneOf("text", "json_object", "json_schema"), IsRequired: true));
        return (format, path) => rule(format, path) ?? (format.GetProperty("type").ValueEquals("json_schema") ? schema(format, path) : null);
    }

    /// <summary>The first field of chat completions that has another name.</summary>
    public static AppError? FindMisnamed(JsonElement body) => Misnamed.FindError(body, "$");

    /// <summary>The first field whose value is of the wrong type, or needs another field.</summary>
    public static AppError? FindError(JsonElement body)
    {
        if (FieldRules.FindError(body, "$", Fields) is { } error)
            return error;
        return body.TryGetProperty("top_logprobs", out var top) && top.ValueKind == JsonValueKind.Number
            && !(body.TryGetProperty("logprobs", out var logprobs) && logprobs.ValueKind == JsonValueKind.True)
            ? JsonField.Error("$.top_logprobs", "This needs logprobs: set logprobs to true, or leave top_logprobs out.")
            : null;
    }

    /// <summary>Refuses `stream_options` of a request without a stream, as OpenAI does.</summary>
    public static AppError? FindErrorOfStream(JsonElement body, bool stream)
    {
        if (!body.TryGetProperty("stream_options", out var options) || options.ValueKind == JsonValueKind.Null)
            return null;
        return !stream
            ? JsonField.Error("$.stream_options", "This is only for streams: set stream to true, or leave stream_options out.")
            : StreamOptions(options, "$.stream_options");
    }

    private static FieldRule StreamOptions { get; } =
        FieldRules.Object(new Field("include_usage", FieldRules.Flag), new Field("include_obfuscation", FieldRules.Flag));
}

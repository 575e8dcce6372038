using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Web.Http;

namespace FuncChat.Web.Chat;

/// <summary>The fields that every request for a chat has.</summary>
internal abstract record ChatFields : SamplingFields
{
    /// <summary>The conversation, as messages of OpenAI's chat completions.</summary>
    // ConversationCheck checks them: providers receive them as they are.
    [Required(ErrorMessage = "The conversation is missing: send messages, such as [{\"role\":\"user\",\"content\":\"Hello\"}].")]
    [RawJson("Message", IsArray = true, MinLength = 1)]
    public JsonElement? Messages { get; init; }

    /// <summary>`provider:name`, or a name that only one provider lists. The default model, if absent.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// The tools that the model may call: names from /api/tools, or OpenAI tool definitions, of which only the name counts. None, if absent.
    /// </summary>
    [RawJson("ToolChoice", IsArray = true)]
    public JsonElement? Tools { get; init; }

    /// <summary>Names of tools, or patterns with `*`, whose calls the user has approved for this chat.</summary>
    [Length(0, 100)]
    [Text(64)]
    public IReadOnlyList<string>? ApprovedTools { get; init; }

    [TurnId]
    public string? TurnId { get; init; }
}

/// <summary>The body of `POST /api/chat`.</summary>
internal sealed record ChatRequest : ChatFields;

/// <summary>The body of `POST /api/proxy`, which also says how to answer.</summary>
internal sealed record ProxyRequest : ChatFields
{
    /// <summary>Whether the answer is a stream of chunks. False, if absent.</summary>
    public bool? Stream { get; init; }

    /// <summary>OpenAI's newer name of `max_tokens`.</summary>
    [Range(1, MaxMaxTokens)]
    public int? MaxCompletionTokens { get; init; }

    private protected override int? AnswerLimit => MaxCompletionTokens ?? MaxTokens;

    public StreamOptions? StreamOptions { get; init; }
}

/// <summary>OpenAI's `stream_options`.</summary>
internal sealed record StreamOptions : IRequestRecord
{
    /// <summary>Whether the stream ends with a chunk that has the usage and no choices.</summary>
    public bool? IncludeUsage { get; init; }
}

using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
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
internal sealed record ChatRequest : ChatFields
{
    /// <summary>
    /// The thread that the turn continues, 8 to 64 letters, digits, '_' and '-'; it is created if it is missing. `messages` are then the new ones alone, and an absent
    /// `model` or `tools` is that of the thread.
    /// </summary>
    [ThreadId]
    public string? ThreadId { get; init; }

    /// <summary>The turn of the thread to continue from, or `root` for its beginning. The last turn, if absent.</summary>
    [Text(64)]
    public string? ParentTurnId { get; init; }

    /// <summary>What to do if another turn of the thread has not ended: `refuse` this one (the default), `queue` it for up to three minutes, or `interrupt` the other.</summary>
    [AllowedValues("refuse", "queue", "interrupt")]
    public string? IfRunning { get; init; }

    public AppError? FindErrorOfThread() =>
        ThreadId is null && (ParentTurnId ?? IfRunning) is not null ? JsonField.Error("$.thread_id", "The fields parent_turn_id and if_running need a thread_id.")
        : ParentTurnId is not (null or ThreadPosition.Root) && !TurnKey.IsTurnId(ParentTurnId)
            ? JsonField.Error("$.parent_turn_id", "This must be the id of a turn, or root.")
        : null;
}

/// <summary>The body of `POST /api/proxy`, which also chooses the form of the response.</summary>
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

using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using FuncChat.Engine.Models;
using FuncChat.Web.Http;

namespace FuncChat.Web.Chat;

/// <summary>The body of `POST /api/chat`.</summary>
internal record ChatRequest
{
    private protected const int MaxMaxTokens = 10_000_000;

    /// <summary>Checked by <see cref="ConversationCheck"/>, since providers get the messages as they are.</summary>
    public JsonElement? Messages { get; init; }

    public string? Model { get; init; }

    /// <summary>Names, or OpenAI tool definitions (<see cref="ToolSelection"/>).</summary>
    public JsonElement? Tools { get; init; }

    [TurnId]
    public string? TurnId { get; init; }

    [Range(0.0, 2.0)]
    public double? Temperature { get; init; }

    [Range(1, MaxMaxTokens)]
    public int? MaxTokens { get; init; }

    [Range(0.0, 1.0)]
    public double? TopP { get; init; }

    [Range(-2.0, 2.0)]
    public double? FrequencyPenalty { get; init; }

    [Range(-2.0, 2.0)]
    public double? PresencePenalty { get; init; }

    private protected virtual int? AnswerLimit => MaxTokens;

    public SamplingOptions ToSampling() => new()
    {
        Temperature = Temperature,
        MaxTokens = AnswerLimit,
        TopP = TopP,
        FrequencyPenalty = FrequencyPenalty,
        PresencePenalty = PresencePenalty,
    };
}

/// <summary>The body of `POST /api/proxy`, which also says how to answer.</summary>
internal sealed record ProxyRequest : ChatRequest
{
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
    /// <summary>Whether the stream ends with the tokens that were used.</summary>
    public bool? IncludeUsage { get; init; }
}

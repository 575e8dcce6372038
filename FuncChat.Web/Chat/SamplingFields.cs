using System.ComponentModel.DataAnnotations;
using FuncChat.Engine.Models;

namespace FuncChat.Web.Chat;

/// <summary>How the model chooses its words. A field that is absent leaves the choice to the provider.</summary>
internal abstract record SamplingFields
{
    public const int MaxMaxTokens = 10_000_000;

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

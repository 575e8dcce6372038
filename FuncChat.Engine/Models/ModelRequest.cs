using Microsoft.Extensions.AI;

namespace FuncChat.Engine.Models;

/// <summary>One call of a model.</summary>
public sealed record ModelRequest
{
    /// <summary>The model's name as its provider knows it, without the provider's prefix.</summary>
    public required string Model { get; init; }

    /// <summary>The conversation: OpenAI chat messages, each one JSON object in UTF-8, validated before.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Messages { get; init; }

    /// <summary>The tools offered in this call; empty turns tools off.</summary>
    public IReadOnlyList<AIFunctionDeclaration> Tools { get; init; } = [];

    /// <summary>
    /// The tools are declared but not offered: some providers refuse a history with tool calls whose tools are not declared.
    /// </summary>
    public bool ForbidsToolCalls { get; init; }

    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Further fields of OpenAI's chat completions by their names, as the caller set them: see <see cref="RequestOptions"/>.</summary>
    public IReadOnlyDictionary<string, RawJson> Options { get; init; } = RequestOptions.None;

    /// <summary>The JSON to answer with, for providers that can hold the model to it. Where one refuses it, the call is repeated without it.</summary>
    public ResponseSchema? ResponseSchema { get; init; }
}

/// <summary>How the model samples, as in OpenAI's chat completions; null leaves a value to the provider.</summary>
public sealed record SamplingOptions
{
    public double? Temperature { get; init; }

    public int? MaxTokens { get; init; }

    public double? TopP { get; init; }

    public double? FrequencyPenalty { get; init; }

    public double? PresencePenalty { get; init; }
}

using System.Text.Json.Serialization;

namespace FuncChat.Engine.Models.Catalog;

/// <summary>What a million tokens of a model cost.</summary>
/// <param name="Input">The price of input that is not cached.</param>
/// <param name="Currency">The currency's code, such as USD.</param>
public sealed record TokenPrice(
    [property: JsonPropertyName("input")] decimal Input,
    [property: JsonPropertyName("output")] decimal Output,
    [property: JsonPropertyName("currency")] string Currency);

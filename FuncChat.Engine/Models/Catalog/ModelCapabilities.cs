using System.Text.Json.Serialization;

namespace FuncChat.Engine.Models.Catalog;

/// <summary>What a model can do, as far as its provider reports it.</summary>
public sealed record ModelCapabilities
{
    public static ModelCapabilities Unknown { get; } = new();

    /// <summary>Whether it accepts images.</summary>
    [JsonPropertyName("images"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Images { get; init; }

    /// <summary>Whether it accepts audio.</summary>
    [JsonPropertyName("audio"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Audio { get; init; }

    /// <summary>Whether it accepts files, such as PDFs.</summary>
    [JsonPropertyName("files"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Files { get; init; }

    /// <summary>Whether it calls tools.</summary>
    [JsonPropertyName("tools"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Tools { get; init; }

    /// <summary>Whether it shows its reasoning.</summary>
    [JsonPropertyName("reasoning"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Reasoning { get; init; }

    /// <summary>The tokens that a conversation may have.</summary>
    [JsonPropertyName("context_length"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ContextLength { get; init; }

    /// <summary>These capabilities within the limits of others.</summary>
    internal ModelCapabilities Within(ModelCapabilities limits) => this with
    {
        Images = limits.Images is false ? false : Images,
        Audio = limits.Audio is false ? false : Audio,
        Files = limits.Files is false ? false : Files,
        ContextLength = ContextLength ?? limits.ContextLength,
    };
}

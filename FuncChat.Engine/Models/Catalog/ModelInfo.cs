using System.Text.Json.Serialization;

namespace FuncChat.Engine.Models.Catalog;

/// <summary>One model as `GET /api/models` shows it.</summary>
/// <param name="Id">Its name in requests: `provider:name`.</param>
/// <param name="Description">A few words for a person.</param>
/// <param name="IsDemo">True for the built-in model, which is scripted and not an AI.</param>
/// <param name="IsDefault">True for the one model that answers where a request names none.</param>
public sealed record ModelInfo(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("provider")] string Provider,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("description")] string Description,
    [property: JsonPropertyName("is_demo")] bool IsDemo,
    [property: JsonPropertyName("is_default")] bool IsDefault)
{
    /// <summary>What the model can do; null where its provider does not report it.</summary>
    [JsonPropertyName("capabilities"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelCapabilities? Capabilities { get; init; }

    /// <summary>What a million tokens cost; null where the server has no price for the model.</summary>
    [JsonPropertyName("price"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TokenPrice? Price { get; init; }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using FuncChat.Engine;

namespace FuncChat.Web.Formats.Responses;

/// <summary>What a response repeats of its request. It is stored with the turn, so that every response object of the turn has it.</summary>
internal record ResponseSettings
{
    /// <summary>When the request arrived, in seconds since 1970.</summary>
    public long CreatedAt { get; init; }

    /// <summary>The model as the client named it.</summary>
    public string Model { get; init; } = "";

    public string? PreviousResponseId { get; init; }

    public ConversationReference? Conversation { get; init; }

    public string? Instructions { get; init; }

    [RawJson("JsonObject", IsArray = true)]
    public RawJson Tools { get; init; } = Json("[]"u8);

    [RawJson("ResponseToolChoice")]
    public RawJson ToolChoice { get; init; } = Json("\"auto\""u8);

    public bool ParallelToolCalls { get; init; } = true;

    [RawJson("JsonObject")]
    public RawJson Text { get; init; } = Json("""{"format":{"type":"text"}}"""u8);

    [RawJson("JsonObject")]
    public RawJson Reasoning { get; init; } = Json("""{"effort":null,"summary":null}"""u8);

    public double? Temperature { get; init; } = 1;

    public double? TopP { get; init; } = 1;

    public int? MaxOutputTokens { get; init; }

    /// <summary>Whether the response can be retrieved.</summary>
    public bool Store { get; init; } = true;

    /// <summary>Whether it runs without a client that follows it.</summary>
    public bool Background { get; init; }

    [RawJson("JsonObject")]
    public RawJson Metadata { get; init; } = Json("{}"u8);

    public string ServiceTier { get; init; } = "default";

    public string? User { get; init; }

    public string? SafetyIdentifier { get; init; }

    public string? PromptCacheKey { get; init; }

    /// <summary>Whether reasoning has what its provider wants back.</summary>
    internal bool IncludesState { get; init; }

    internal bool HasTools => Tools.Utf8.Length > "[]".Length;

    /// <summary>Whether stored settings have what a response needs.</summary>
    internal bool IsWhole =>
        Model is not null && ServiceTier is not null && Conversation is null or { Id: not null }
        && Tools.Utf8.Length > 0 && ToolChoice.Utf8.Length > 0 && Text.Utf8.Length > 0 && Reasoning.Utf8.Length > 0 && Metadata.Utf8.Length > 0;

    private static RawJson Json(ReadOnlySpan<byte> json) => new(json.ToArray());
}

/// <summary>The conversation that a response belongs to.</summary>
internal sealed record ConversationReference(string Id);

/// <summary>What is stored with a turn that the Responses API started.</summary>
/// <param name="Instructions">The number of messages at the start of the turn's conversation that are instructions, which the next response does not inherit.</param>
internal sealed record StoredResponse(ResponseSettings Settings, int Instructions)
{
    /// <summary>The tools of the responses before whose calls are in the conversation (<see cref="ClientToolNames.ToolsCalledIn"/>).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RawJson? ToolsBefore { get; init; }

    /// <summary>Whether the request includes `reasoning.encrypted_content`.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IncludesState { get; init; }

    public static StoredResponse? Of(RawJson? protocolData) =>
        ProtocolData.Read(protocolData, ResponsesJson.Relaxed.StoredResponse) is { Settings.IsWhole: true } stored
            ? stored with { Settings = stored.Settings with { IncludesState = stored.IncludesState } }
            : null;

    public RawJson ToJson() => new(JsonSerializer.SerializeToUtf8Bytes(this, ResponsesJson.Relaxed.StoredResponse));
}

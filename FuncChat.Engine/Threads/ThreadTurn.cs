using System.Text.Json.Serialization;

namespace FuncChat.Engine.Threads;

/// <summary>A turn of a thread, without its content.</summary>
/// <param name="ParentId">The turn that it follows; null for one at the beginning of the thread.</param>
public sealed record ThreadTurn(string TurnId, string? ParentId, DateTimeOffset CreatedAt)
{
    public DateTimeOffset? EndedAt { get; init; }

    public ThreadTurnStatus Status { get; init; }

    /// <summary>The model that answered, as `provider:name`.</summary>
    public string? Model { get; init; }

    /// <summary>What its model calls cost, in the currency of the server's prices; null if no model has a price.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The bytes of its content.</summary>
    public long Bytes { get; init; }

    /// <summary>
    /// The id of its content, which no other request uses: requests that add a turn with the same id at the same time do not overwrite each other's content.
    /// Null for a turn of an earlier version, whose content has the id of the turn.
    /// </summary>
    public string? OwnContentId { get; init; }

    /// <summary>The hash of the request that added it, until it ends. Only the same request may start it.</summary>
    public string? Fingerprint { get; init; }

    [JsonExtensionData]
    public UnknownFields? Unknown { get; set; }

    /// <summary>The id that its content is stored with.</summary>
    [JsonIgnore]
    public string ContentId => OwnContentId ?? TurnId;

    /// <summary>Whether the turn was ended in its thread without an end of its own, since it was not stored or is damaged.</summary>
    [JsonIgnore]
    public bool IsLost => Status == ThreadTurnStatus.Failed && EndedAt is null;

    [JsonIgnore]
    public bool IsRunning => Status == ThreadTurnStatus.Running;

    public static string NewContentId() => $"content_{Guid.NewGuid():N}";
}

[JsonConverter(typeof(JsonStringEnumConverter<ThreadTurnStatus>))]
public enum ThreadTurnStatus
{
    /// <summary>The turn has not ended: it runs, waits for a person, or was interrupted and continues when it is followed.</summary>
    [JsonStringEnumMemberName("running")] Running,

    /// <summary>The turn ended with an answer.</summary>
    [JsonStringEnumMemberName("complete")] Complete,

    /// <summary>The turn ended with an error, or its end is unknown.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>The turn was stopped.</summary>
    [JsonStringEnumMemberName("stopped")] Stopped,
}

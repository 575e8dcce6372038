using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncChat.Engine.Threads;

/// <summary>A thread as lists show it.</summary>
public sealed record ThreadSummary(string Id, string Title, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public string? Model { get; init; }

    /// <inheritdoc cref="ThreadDocument.Metadata"/>
    public RawJson? Metadata { get; init; }

    /// <inheritdoc cref="ThreadDocument.Folder"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Folder { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Archived { get; init; }

    /// <inheritdoc cref="ThreadDocument.Version"/>
    public long Version { get; init; }

    /// <inheritdoc cref="ThreadDocument.IsDeleted"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsDeleted { get; init; }

    public int TurnCount { get; init; }

    /// <summary>The last turn that has not ended.</summary>
    public string? RunningTurnId { get; init; }

    /// <inheritdoc cref="ThreadDocument.Cost"/>
    public decimal? Cost { get; init; }

    public long Bytes { get; init; }

    /// <summary>The id of the link that shows the thread to others; null if it is not shared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ShareId { get; init; }

    /// <summary>When what the link shows was last updated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? SharedAt { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, EngineJson.Relaxed.ThreadSummary);

    /// <summary>Parses what <see cref="ToJson"/> wrote; null if it is damaged.</summary>
    public static ThreadSummary? Parse(string? json)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize(json, EngineJson.StoredType<ThreadSummary>());
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

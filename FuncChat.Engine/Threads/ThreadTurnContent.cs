using System.Text.Json;
using System.Text.Json.Serialization;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Threads;

/// <summary>The content of a turn of a thread.</summary>
public sealed record ThreadTurnContent
{
    /// <summary>The new messages that the turn was started with.</summary>
    public required IReadOnlyList<RawJson> Messages { get; init; }

    /// <summary>The events of the turn, without those that only show progress, and with text in one piece. Null while the turn runs.</summary>
    public IReadOnlyList<ThreadTurnEvent>? Events { get; init; }

    /// <summary>What the turn added to the conversation; null while it runs.</summary>
    [JsonIgnore]
    public TurnTranscript? Transcript => Events is null ? null : TurnTranscript.Of(Events);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, EngineJson.Relaxed.ThreadTurnContent);

    /// <exception cref="TurnStoreException">The bytes are not a turn's content.</exception>
    public static ThreadTurnContent Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, EngineJson.Default.ThreadTurnContent)
                ?? throw new TurnStoreException(TurnStoreFailure.Damaged, "The stored turn of a thread is empty.");
        }
        catch (JsonException e)
        {
            throw new TurnStoreException(TurnStoreFailure.Damaged, "The stored turn of a thread can't be read.", e);
        }
    }
}

/// <summary>An event of a turn.</summary>
/// <param name="Type">Its name, one of <see cref="TurnEventCodec.Types"/>.</param>
/// <param name="Data">Its data.</param>
public sealed record ThreadTurnEvent(long Id, string Type, [property: RawJson("JsonObject")] RawJson Data);

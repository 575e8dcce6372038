using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Tools;

namespace FuncChat.Engine.Threads;

/// <summary>The content of a turn of a thread.</summary>
public sealed record ThreadTurnContent
{
    /// <summary>The new messages that the turn was started with.</summary>
    public required IReadOnlyList<RawJson> Messages { get; init; }

    /// <summary>The events of the turn, without those that only show progress, and with text in one piece. Null while the turn runs.</summary>
    public IReadOnlyList<ThreadTurnEvent>? Events { get; init; }

    /// <summary>Replaces content that is damaged.</summary>
    public static ThreadTurnContent Damaged { get; } = new() { Messages = [], IsDamaged = true };

    /// <summary>Whether the content is damaged: there is nothing of it.</summary>
    [JsonIgnore]
    public bool IsDamaged { get; private init; }

    /// <summary>What the turn added to the conversation; null while it runs.</summary>
    [JsonIgnore]
    public TurnTranscript? Transcript => Events is null ? null : ReferenceEquals(Parsed?.Events, Events) ? Parsed : TurnTranscript.Of(Events);

    // Set when content is read, since parsing shows whether it is damaged.
    private TurnTranscript? Parsed { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, EngineJson.Relaxed.ThreadTurnContent);

    /// <exception cref="TurnStoreException">The bytes are not a turn's content.</exception>
    public static ThreadTurnContent Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            // Messages and events are kept as JSON: text that is not valid would fail only where it is decoded.
            if (Utf8.IsValid(json.Span)
                && JsonSerializer.Deserialize(LoneSurrogates.Replace(json).Span, EngineJson.Default.ThreadTurnContent) is { } content && StoredMessages.AreReadable(content.Messages)
                && content.Events?.All(each => each.Data.Utf8.Span is [(byte)'{', ..]) != false)
            {
                var transcript = content.Transcript;
                if (transcript is null || StoredMessages.AreReadable(transcript.Messages))
                    return content with { Parsed = transcript };
            }
        }
        catch (Exception e) when (TurnStoreException.IsOfData(e))
        {
            throw Unreadable(e);
        }

        throw Unreadable(null);
    }

    private static TurnStoreException Unreadable(Exception? failure) => new(TurnStoreFailure.Damaged, "The stored turn of a thread can't be read.", failure);
}

/// <summary>An event of a turn.</summary>
/// <param name="Type">Its name, one of <see cref="TurnEventCodec.Types"/>.</param>
/// <param name="Data">Its data.</param>
public sealed record ThreadTurnEvent(long Id, string Type, [property: RawJson("JsonObject")] RawJson Data)
{
    internal static ThreadTurnEvent Of(long id, TurnEvent turnEvent) => new(id, Encoding.UTF8.GetString(TurnEventCodec.TypeOf(turnEvent).Utf8Name), DataOf(turnEvent));

    internal static RawJson DataOf(TurnEvent turnEvent)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, EngineJson.WriterOptions))
            TurnEventCodec.TypeOf(turnEvent).Write(writer, turnEvent);
        return new RawJson(json.WrittenMemory);
    }
}

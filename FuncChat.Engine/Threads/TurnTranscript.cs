using System.Buffers;
using System.Text;
using System.Text.Json;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Tools;

namespace FuncChat.Engine.Threads;

/// <summary>What a chat's turn added to its conversation.</summary>
/// <param name="Messages">
/// The assistant's and the tools' messages, valid before another turn: of a turn that failed or was stopped, they include the text that a reader saw, and
/// calls without results have results.
/// </param>
/// <param name="Events">The turn's events, without those that only show progress, and with text in one piece.</param>
public sealed record TurnTranscript(IReadOnlyList<RawJson> Messages, IReadOnlyList<ThreadTurnEvent> Events)
{
    private static readonly byte[] TextStart = "{\"content\":\""u8.ToArray();
    private static readonly byte[] TextEnd = "\"}"u8.ToArray();
    private static readonly byte[] RefusalEnd = "\",\"refusal\":true}"u8.ToArray();

    /// <summary>Whether the turn has ended.</summary>
    public bool HasEnded { get; init; }

    /// <summary>The tokens that the turn used.</summary>
    public ModelUsage Usage { get; init; } = new(0, 0);

    /// <summary>The error that ended the turn, if one did.</summary>
    public AppError? Error { get; init; }

    /// <summary>The model that answered, as `provider:name`.</summary>
    public string? Model { get; init; }

    public ThreadTurnStatus Status => !HasEnded ? ThreadTurnStatus.Running
        : Error is null ? ThreadTurnStatus.Complete
        : Error.Code == ErrorCode.Cancelled ? ThreadTurnStatus.Stopped
        : ThreadTurnStatus.Failed;

    /// <summary>Reads the log of a chat's turn.</summary>
    /// <exception cref="TurnStoreException">The store failed, or the log is damaged.</exception>
    public static async Task<TurnTranscript> ReadAsync(ITurnReader reader, CancellationToken cancellationToken)
    {
        var (transcript, damage) = await ReadReadableAsync(reader, cancellationToken);
        return damage is null ? transcript : throw new TurnStoreException(damage.Reason, damage.Message, damage);
    }

    /// <summary>Reads the log of a chat's turn up to the first event that can't be read.</summary>
    /// <exception cref="TurnStoreException">The store failed, or what was read is no chat.</exception>
    internal static async Task<(TurnTranscript Transcript, TurnStoreException? Damage)> ReadReadableAsync(ITurnReader reader, CancellationToken cancellationToken)
    {
        var events = new List<ThreadTurnEvent>();
        var check = new FrameCheck();
        TurnStoreException? damage = null;
        try
        {
            for (long afterId = 0; await reader.ReadAsync(afterId, cancellationToken) is { IsEmpty: false } page; afterId = events[^1].Id)
            {
                var frames = check.ValidPart(page, afterId).Frames;
                StoredFrames.Decode(() => events.AddRange(StoredFrames.Split(frames).Select(frame =>
                    new ThreadTurnEvent(frame.Id, Encoding.UTF8.GetString(frame.Name.Span), new RawJson(frame.Data.ToArray())))));
            }
        }
        catch (TurnStoreException e) when (e.Reason == TurnStoreFailure.Damaged)
        {
            damage = e;
        }

        return (StoredFrames.Decode(() => Of(Merge(events), TurnEventCodec.DecodeStored)), damage);
    }

    /// <summary>What is known of a turn whose log can't be read: its end, with the messages of its answer.</summary>
    internal static TurnTranscript OfEnd(TurnEnd end)
    {
        var answers = end.Last is CompleteEvent complete ? complete.Messages.Where(IsOfAssistant).Select(message => new MessageCompleteEvent(message)) : [];
        TurnEvent[] events = [.. end.Status is { } status ? [status] : Array.Empty<TurnEvent>(), .. answers, end.Last];
        var transcript = Of([.. events.Select((each, index) => ThreadTurnEvent.Of(index + 1, each))]);
        return end.Last is CompleteEvent { Usage: var usage } ? transcript with { Usage = usage } : transcript;
    }

    /// <summary>The transcript of a turn whose log can't be read to its end, with this event as the end. Without its messages if another turn could not follow them.</summary>
    internal TurnTranscript EndedBy(TurnEvent end)
    {
        var ended = Of([.. Events, ThreadTurnEvent.Of(Events is [.., var last] ? last.Id + 1 : 1, end)], TurnEventCodec.DecodeStored);
        return StoredMessages.AreReadable(ended.Messages) ? ended : OfEnd(new TurnEnd(null, end));
    }

    /// <summary>Derives what a turn added from its events.</summary>
    /// <exception cref="JsonException">The data of an event is not that of its type.</exception>
    internal static TurnTranscript Of(IReadOnlyList<ThreadTurnEvent> events) => Of(events, TurnEventCodec.Decode);

    private static TurnTranscript Of(IReadOnlyList<ThreadTurnEvent> events, Func<ReadOnlySpan<byte>, ReadOnlySpan<byte>, TurnEvent?> decode)
    {
        var state = new ChatTurnState(new HashSet<string>(StringComparer.Ordinal));
        var unfinished = new ArrayBufferWriter<byte>();
        IReadOnlyList<RawJson>? complete = null;
        AppError? error = null;
        string? model = null;
        foreach (var each in events)
        {
            var decoded = decode(Encoding.UTF8.GetBytes(each.Type), each.Data.Utf8.Span);
            switch (decoded)
            {
                case null:
                    continue; // Of a newer version.
                case DeltaEvent delta:
                    unfinished.Write(delta.Content.Utf8.Span[1..^1]);
                    continue;
                case ReasoningEvent:
                    continue;
                case StatusEvent status:
                    model = ProviderModels.IdOf(status.Provider, status.Model);
                    break;
                case MessageCompleteEvent or MessageResetEvent:
                    unfinished.ResetWrittenCount();
                    break;
                case CompleteEvent end:
                    complete = end.Messages ?? throw new JsonException("A chat has ended without messages.");
                    break;
                case ErrorEvent end:
                    error = end.ToError();
                    break;
            }

            state.Apply(decoded);
        }

        IEnumerable<RawJson> messages = complete ?? [.. state.Messages, .. EndOf(state, unfinished.WrittenMemory)];
        return new TurnTranscript([.. messages.Where(message => !IsEmpty(message))], events)
        {
            HasEnded = state.Ended,
            Usage = state.Usage,
            Error = error,
            Model = model,
        };
    }

    /// <summary>Leaves out what only shows progress, and joins the pieces of a text.</summary>
    internal static IReadOnlyList<ThreadTurnEvent> Merge(IEnumerable<ThreadTurnEvent> events)
    {
        var merged = new List<ThreadTurnEvent>();
        var text = new ArrayBufferWriter<byte>();
        ThreadTurnEvent? last = null;
        foreach (var each in events)
        {
            if (each.Type is "tool_call_progress" or "llm_retry")
                continue;
            if (last is not null && (last.Type != each.Type || IsRefusal(last.Data) != IsRefusal(each.Data)))
                Flush();
            if (each.Type is not ("delta" or "reasoning") || !TryFindText(each.Data, out var inside))
            {
                Flush();
                merged.Add(each);
                continue;
            }

            text.Write(inside);
            last = each;
        }

        Flush();
        return merged;

        void Flush()
        {
            if (last is not null)
                merged.Add(last with { Data = new RawJson((byte[])[.. TextStart, .. text.WrittenSpan, .. IsRefusal(last.Data) ? RefusalEnd : TextEnd]) });
            last = null;
            text.ResetWrittenCount();
        }
    }

    // Some models end with an assistant message that has neither text nor calls, which providers refuse in a history.
    private static bool IsEmpty(RawJson message)
    {
        using var document = JsonDocument.Parse(message.Utf8);
        var root = document.RootElement;
        return IsOfAssistant(root)
            && (!root.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Null || content.ValueEquals(""))
            && (!root.TryGetProperty("tool_calls", out var calls) || calls.ValueKind != JsonValueKind.Array || calls.GetArrayLength() == 0);
    }

    private static bool IsOfAssistant(RawJson message)
    {
        using var document = JsonDocument.Parse(message.Utf8);
        return IsOfAssistant(document.RootElement);
    }

    private static bool IsOfAssistant(JsonElement message) => message.GetProperty("role").ValueEquals("assistant");

    // The text as it is escaped: a piece may end within a surrogate pair, which its successor completes.
    // False for one that has fields of a newer version.
    private static bool TryFindText(RawJson data, out ReadOnlySpan<byte> inside)
    {
        var json = data.Utf8.Span;
        inside = default;
        if (!json.StartsWith(TextStart) || JsonStringBytes.LengthOf(json[TextStart.Length..]) is not (>= 0 and var length)
            || !json[(TextStart.Length + length)..].SequenceEqual(IsRefusal(data) ? RefusalEnd : TextEnd))
        {
            return false;
        }

        inside = json.Slice(TextStart.Length, length);
        return true;
    }

    private static bool IsRefusal(RawJson data) => data.Utf8.Span.EndsWith(RefusalEnd);

    private static IEnumerable<RawJson> EndOf(ChatTurnState state, ReadOnlyMemory<byte> unfinished)
    {
        if (state.Round is { } round)
        {
            foreach (var call in round.Calls)
                yield return ToolMessage.Of(call.Id, round.ResultOf(call.Id) ?? "{\"error\":\"The call was stopped before it ended.\"}");
        }

        if (unfinished.Length == 0)
            yield break;
        var text = JsonStringBytes.Unescape(LoneSurrogates.Replace(unfinished).Span);
        yield return new RawJson(PlainMessage.Write("assistant", text));
    }
}

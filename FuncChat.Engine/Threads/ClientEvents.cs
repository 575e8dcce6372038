using System.Text;
using System.Text.Json;
using FuncChat.Engine.Events;
using FuncChat.Tools.Fetch;

namespace FuncChat.Engine.Threads;

/// <summary>Reads the events of a turn that a client adds to a thread. They are untrusted.</summary>
public static class ClientEvents
{
    private const int MaxEvents = 20_000;

    /// <summary>Checks the events of a chat's turn that has ended.</summary>
    /// <param name="events">An array of objects with an id, a type and data.</param>
    /// <param name="path">The JSON path of the array.</param>
    public static Result<IReadOnlyList<ThreadTurnEvent>> Read(JsonElement events, string path)
    {
        if (events.ValueKind != JsonValueKind.Array || events.GetArrayLength() is 0 or > MaxEvents)
            return AppError.Invalid(path, $"This must be an array of 1 to {MaxEvents} events.");
        var read = new List<ThreadTurnEvent>();
        foreach (var each in events.EnumerateArray())
        {
            var at = $"{path}[{read.Count}]";
            if (ReadEvent(each) is not { } known)
                return AppError.Invalid(at, "This must be an event of a chat, with its id, type and data as the turn's stream has them. Numbers can't be negative or out of range, and addresses must be http or https.");
            if (known.Id <= (read.Count > 0 ? read[^1].Id : 0))
                return AppError.Invalid($"{at}.id", "The ids must increase, and start at 1 or later.");
            if (read.Count > 0 && EndsTurn(read[^1]))
                return AppError.Invalid(at, "No event can follow complete or error, which end the turn.");
            read.Add(known);
        }

        try
        {
            return TurnTranscript.Of(read).HasEnded
                ? TurnTranscript.Merge(read).ToArray()
                : AppError.Invalid(path, "The last event must be complete or error: the turn must have ended.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return AppError.Invalid(path, "The messages in the events are not those of a chat.");
        }
    }

    private static ThreadTurnEvent? ReadEvent(JsonElement element)
    {
        try
        {
            if (element.ValueKind != JsonValueKind.Object
                || !element.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.Number || !id.TryGetInt64(out var number)
                || !element.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || type.GetString() is not { Length: > 0 and < 64 } name
                || !element.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object
                || element.EnumerateObject().Count() != 3)
            {
                return null;
            }

            // As this server writes a text: its pieces are joined later.
            if (name is "delta" or "reasoning")
                return data.GetProperty("content").GetString() is { } text ? new ThreadTurnEvent(number, name, TextOf(text)) : null;
            var decoded = TurnEventCodec.Decode(Encoding.UTF8.GetBytes(name), RawJson.Of(data).Utf8.Span);
            return decoded is null || !IsPossible(decoded, data) || !ClientNumbers.AreValid(decoded) || decoded is SearchStartEvent or SearchResultEvent or SearchErrorEvent or SearchCompleteEvent or PlanEvent or PlanCompleteEvent
                ? null
                : new ThreadTurnEvent(number, name, RawJson.Of(data));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    // Deserialization accepts an event without its fields, and the page renders the addresses as links.
    private static bool IsPossible(TurnEvent turnEvent, JsonElement data) => turnEvent switch
    {
        StatusEvent status => status.Status is null or "processing",
        RequestAnsweredEvent answered => answered.Type is null or "approve" or "deny" or "answer" or "expired",
        CitationEvent citation => citation.Title is not null && IsWebUrl(citation.Url),
        InputRequestEvent { Url: { } url } => IsWebUrl(url),
        LlmResponseEvent { Usage: not null } => HasTokens(data),
        CompleteEvent complete => complete is { Messages: not null, Status: null or "success", StoppedBy: null or "max_iterations" or "length" } && HasTokens(data),
        _ => true,
    };

    private static bool HasTokens(JsonElement data) =>
        data.GetProperty("usage") is { ValueKind: JsonValueKind.Object } usage && usage.TryGetProperty("input_tokens", out _) && usage.TryGetProperty("output_tokens", out _);

    private static bool IsWebUrl(string? url) => url is not null && CanonicalUrl.Of(url) is not null;

    private static bool EndsTurn(ThreadTurnEvent turnEvent) => turnEvent.Type is "complete" or "error";

    private static RawJson TextOf(string text) =>
        new(Encoding.UTF8.GetBytes($"{{\"content\":{JsonSerializer.Serialize(text, EngineJson.Relaxed.String)}}}"));
}

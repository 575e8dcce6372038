using System.Text.Json;

namespace FuncChat.Engine.ToolRuns.Remote;

/// <summary>
/// How far a run is, small enough for a Durable custom status. Only the last status is kept, and whoever polls may miss any, so each tells
/// everything from the run's beginning.
/// </summary>
/// <param name="ModelEvents">The run's model events, the first ones first; those for which there is no room come with the result.</param>
public sealed record RemoteToolRunStatus(string? Message, int? Completed, int? Total, IReadOnlyList<ToolModelEvent> ModelEvents)
{
    /// <summary>Durable takes 16 KB, and counts two bytes a character.</summary>
    internal const int MaxLength = 8000;

    private const int MaxMessageLength = 300;

    /// <summary>The snapshot's state, with all model events so far.</summary>
    public static RemoteToolRunStatus Of(ToolRunSnapshot snapshot, IReadOnlyList<ToolModelEvent> modelEvents) =>
        new(snapshot.Message, snapshot.Completed, snapshot.Total, modelEvents);

    /// <summary>The status as JSON, cut to size.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(Fit(), EngineJson.Default.RemoteToolRunStatus);

    /// <summary>Reads what <see cref="ToJson"/> gave.</summary>
    public static RemoteToolRunStatus? FromJson(string json) => JsonSerializer.Deserialize(json, EngineJson.Default.RemoteToolRunStatus);

    private RemoteToolRunStatus Fit()
    {
        var fitting = this with { Message = Cut(Message), ModelEvents = [] };
        var room = MaxLength - JsonSerializer.SerializeToUtf8Bytes(fitting, EngineJson.Default.RemoteToolRunStatus).Length;
        return fitting with { ModelEvents = [.. ModelEvents.TakeWhile(modelEvent => (room -= LengthOf(modelEvent)) >= 0)] };
    }

    // Written in ASCII, as whoever passes it on will write it: a byte is a character. The comma is the one more.
    private static int LengthOf(ToolModelEvent modelEvent) =>
        JsonSerializer.SerializeToUtf8Bytes(modelEvent, EngineJson.Default.ToolModelEvent).Length + 1;

    private static string? Cut(string? message)
    {
        if (message is null || message.Length <= MaxMessageLength)
            return message;
        var length = char.IsHighSurrogate(message[MaxMessageLength - 1]) ? MaxMessageLength - 1 : MaxMessageLength;
        return message[..length] + "…";
    }
}

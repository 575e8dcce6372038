using System.Text.Json;
using FuncChat.Tools;

namespace FuncChat.Engine.ToolRuns.Remote;

/// <summary>A snapshot of an executing run as JSON, small enough for the custom status of a Durable orchestration.</summary>
public static class ProgressJson
{
    /// <summary>Durable limits a custom status to 16 KB, and counts two bytes per character.</summary>
    internal const int MaxLength = 8000;

    private const int MaxMessageLength = 300;

    /// <summary>The snapshot with as many of its model events as fit, the first ones first; the others arrive with the result.</summary>
    public static JsonElement Write(ToolRunSnapshot snapshot) => JsonSerializer.SerializeToElement(Fit(snapshot), EngineJson.Default.ToolRunSnapshot);

    /// <summary>Reads what <see cref="Write"/> has written.</summary>
    public static ToolRunSnapshot? Read(string json) => JsonSerializer.Deserialize(json, EngineJson.Default.ToolRunSnapshot);

    private static ToolRunSnapshot Fit(ToolRunSnapshot snapshot)
    {
        var message = snapshot.Message is { } text ? TextCut.Ellipsize(text, MaxMessageLength) : null;
        var fitting = snapshot with { Message = message, ModelEvents = [], Outcome = null };
        var room = MaxLength - JsonSerializer.SerializeToUtf8Bytes(fitting, EngineJson.Default.ToolRunSnapshot).Length;
        return fitting with { ModelEvents = [.. snapshot.ModelEvents.TakeWhile(modelEvent => (room -= LengthOf(modelEvent)) >= 0)] };
    }

    // The JSON is ASCII, so a byte is a character. One more for the comma.
    private static int LengthOf(ToolModelEvent modelEvent) =>
        JsonSerializer.SerializeToUtf8Bytes(modelEvent, EngineJson.Default.ToolModelEvent).Length + 1;
}

using System.Text.Json;
using FuncChat.Tools;

namespace FuncChat.Engine.ToolRuns.Remote;

/// <summary>A snapshot of a remote run as JSON.</summary>
public static class ProgressJson
{
    // It is rewritten every three seconds, and a tool may report any text.
    private const int MaxMessageLength = 300;

    public static byte[] Write(ToolRunSnapshot snapshot)
    {
        var message = snapshot.Message is { } text ? TextCut.Ellipsize(text, MaxMessageLength) : null;
        return JsonSerializer.SerializeToUtf8Bytes(snapshot with { Message = message }, EngineJson.Default.ToolRunSnapshot);
    }

    /// <summary>Reads what <see cref="Write"/> has written; null if it is damaged.</summary>
    public static ToolRunSnapshot? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var snapshot = JsonSerializer.Deserialize(json, EngineJson.StoredType<ToolRunSnapshot>());
            return snapshot?.ModelEvents?.All(each => each is not null) == true ? snapshot : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads a snapshot that an earlier version has put into the custom status of an orchestration.</summary>
    public static ToolRunSnapshot? Read(string json) => JsonSerializer.Deserialize(json, EngineJson.Default.ToolRunSnapshot);
}

using System.Buffers;
using System.Globalization;
using System.Text.Json;
using FuncChat.Engine;

namespace FuncChat.Web.Formats.AgUi;

/// <summary>The messages that a turn has written so far, with the ids by which the client knows them.</summary>
internal sealed class AgUiTranscript(string turnId, RawJson earlier)
{
    // Clients run the calls of messages that are new in a run.
    private const string More = ".more";

    private readonly List<AgUiMessage> _messages = [];
    private int _count;

    /// <summary>Returns the id of the next message. It names the turn, so that the turn is found when the client sends the message back.</summary>
    public string NextId() => string.Create(CultureInfo.InvariantCulture, $"{turnId}.{++_count}");

    /// <summary>The id of the message that has the calls of another one which the client got in a later run.</summary>
    public static string MoreOf(string id) => id + More;

    /// <summary>The id of the message whose calls this one continues; null if it continues none.</summary>
    public static string? EarlierOf(string id) => id.EndsWith(More, StringComparison.Ordinal) ? id[..^More.Length] : null;

    public void Add(AgUiMessage message) => _messages.Add(message);

    /// <summary>Changes the message with this id, which is added if it is missing.</summary>
    public void Change(string id, string role, Func<AgUiMessage, AgUiMessage> change)
    {
        var place = _messages.FindLastIndex(message => message.Id == id);
        if (place < 0)
            _messages.Add(change(new AgUiMessage(id, role)));
        else
            _messages[place] = change(_messages[place]);
    }

    /// <summary>All messages of the thread, as JSON.</summary>
    public RawJson ToJson()
    {
        var output = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = AgUiJson.Relaxed.Options.Encoder });
        json.WriteStartArray();
        using var before = JsonDocument.Parse(earlier.Utf8);
        foreach (var message in before.RootElement.EnumerateArray())
            message.WriteTo(json);
        foreach (var message in _messages)
            JsonSerializer.Serialize(json, message, AgUiJson.Relaxed.AgUiMessage);
        json.WriteEndArray();
        json.Flush();
        return new RawJson(output.WrittenMemory);
    }
}

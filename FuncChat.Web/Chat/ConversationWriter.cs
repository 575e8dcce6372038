using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FuncChat.Engine;

namespace FuncChat.Web.Chat;

/// <summary>Writes the conversation of another protocol as OpenAI's chat messages.</summary>
internal sealed class ConversationWriter : IDisposable
{
    private const string Base64 = ";base64,";

    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly Utf8JsonWriter _json;
    private readonly List<int> _origins = [];
    private bool _userHasPart;

    public ConversationWriter()
    {
        _json = new Utf8JsonWriter(_output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _json.WriteStartArray();
    }

    /// <summary>The index of the client's message from which the next ones are written.</summary>
    public int Origin { get; set; }

    public void Text(string role, string text)
    {
        StartMessage(role);
        _json.WriteString("content"u8, text);
        _json.WriteEndObject();
    }

    public void StartUser()
    {
        StartMessage("user");
        _json.WriteStartArray("content"u8);
        _userHasPart = false;
    }

    public void UserText(string text)
    {
        _userHasPart = true;
        _json.WriteStartObject();
        _json.WriteString("type"u8, "text"u8);
        _json.WriteString("text"u8, text);
        _json.WriteEndObject();
    }

    /// <param name="url">A data URL or, for an image, an address on the web.</param>
    public void UserFile(string url, string mediaType, string? name)
    {
        _userHasPart = true;
        _json.WriteStartObject();
        if (mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase))
        {
            _json.WriteString("type"u8, "image_url"u8);
            _json.WriteStartObject("image_url"u8);
            _json.WriteString("url"u8, url);
        }
        else if (AudioFormatOf(mediaType) is { } format && url.IndexOf(Base64, StringComparison.OrdinalIgnoreCase) is var data and > 0)
        {
            _json.WriteString("type"u8, "input_audio"u8);
            _json.WriteStartObject("input_audio"u8);
            _json.WriteString("data"u8, url.AsSpan(data + Base64.Length));
            _json.WriteString("format"u8, format);
        }
        else
        {
            _json.WriteString("type"u8, "file"u8);
            _json.WriteStartObject("file"u8);
            _json.WriteString("filename"u8, name ?? "file");
            _json.WriteString("file_data"u8, url);
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    public void EndUser()
    {
        if (!_userHasPart)
            UserText("");
        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    /// <summary>Writes an assistant message and the results of its calls; nothing if it is empty.</summary>
    public void Assistant(string text, IReadOnlyList<AnsweredCall> calls, JsonElement? providerData)
    {
        if (text.Length == 0 && calls.Count == 0)
            return;
        StartMessage("assistant");
        if (text.Length > 0)
            _json.WriteString("content"u8, text);
        else
            _json.WriteNull("content"u8);
        if (calls.Count > 0)
        {
            _json.WriteStartArray("tool_calls"u8);
            foreach (var call in calls)
                WriteCall(call);
            _json.WriteEndArray();
        }

        if (providerData is { } data)
        {
            _json.WritePropertyName("provider_data"u8);
            data.WriteTo(_json);
        }

        _json.WriteEndObject();
        foreach (var call in calls)
        {
            StartMessage("tool");
            _json.WriteString("tool_call_id"u8, call.Id);
            _json.WriteString("content"u8, call.Result);
            _json.WriteEndObject();
        }
    }

    public WrittenConversation End()
    {
        _json.WriteEndArray();
        _json.Flush();
        return new WrittenConversation(JsonDocument.Parse(_output.WrittenMemory.ToArray()), _origins);
    }

    public void Dispose() => _json.Dispose();

    private static string? AudioFormatOf(string mediaType) => mediaType.ToLowerInvariant() switch
    {
        "audio/wav" or "audio/x-wav" or "audio/wave" => "wav",
        "audio/mpeg" or "audio/mp3" => "mp3",
        _ => null,
    };

    private void StartMessage(string role)
    {
        _origins.Add(Origin);
        _json.WriteStartObject();
        _json.WriteString("role"u8, role);
    }

    private void WriteCall(AnsweredCall call)
    {
        _json.WriteStartObject();
        _json.WriteString("id"u8, call.Id);
        _json.WriteString("type"u8, "function"u8);
        _json.WriteStartObject("function"u8);
        _json.WriteString("name"u8, call.Name);
        _json.WriteString("arguments"u8, call.Arguments);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }
}

/// <summary>A tool call with its result.</summary>
/// <param name="Arguments">JSON, as text.</param>
internal sealed record AnsweredCall(string Id, string Name, string Arguments, string Result);

/// <summary>A conversation as OpenAI's chat messages.</summary>
/// <param name="Origins">For each message, the index of the client's message that it comes from.</param>
internal sealed record WrittenConversation(JsonDocument Messages, IReadOnlyList<int> Origins) : IDisposable
{
    public void Dispose() => Messages.Dispose();

    /// <summary>
    /// The messages after a message of the client. The results of the client's tools belong to the message that called them, and are new too if it is the last one.
    /// </summary>
    /// <param name="place">Its index; -1 for all messages.</param>
    public IEnumerable<RawJson> AddedAfter(int place)
    {
        // An index into a JSON array counts its elements from the start.
        var messages = Messages.RootElement.EnumerateArray().ToList();
        var count = messages.Count;
        var first = 0;
        while (place >= 0 && first < count && Origins[first] <= place)
            first++;
        if (first == count && place >= 0)
        {
            while (first > 0 && messages[first - 1].GetProperty("role").ValueEquals("tool"))
                first--;
        }

        for (var index = first; index < count; index++)
            yield return RawJson.Of(messages[index]);
    }
}

using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Tools;
using FuncChat.Web.Http;

namespace FuncChat.Web.Formats.OpenAiChat;

/// <summary>
/// The message of a `chat.completion`: what the chunks of the same turn add up to. OpenAI has one message per response, so the texts of a turn's
/// model calls are its paragraphs, and only the calls of the client's tools are in it.
/// </summary>
internal sealed class CompletionMessage
{
    private const string Paragraph = "\n\n";

    private readonly List<string> _texts = [];
    private readonly List<string> _thoughts = [];
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _thought = new();
    private readonly StringBuilder _refusal = new();
    private readonly CitedSources _sources = new();
    private IReadOnlyList<ClientToolCall> _calls = [];
    private FinishedMessage? _last;

    public void Add(TurnEvent turnEvent)
    {
        _sources.Add(turnEvent);
        switch (turnEvent)
        {
            case DeltaEvent delta:
                (delta.Refusal == true ? _refusal : _text).Append(delta.Content);
                break;
            case ReasoningEvent reasoning:
                _thought.Append(reasoning.Content);
                break;
            case MessageResetEvent:
                _text.Clear();
                _thought.Clear();
                _refusal.Clear();
                break;
            case MessageCompleteEvent completed:
                _last = FinishedMessage.Of(completed.Message);
                End(_refusal.Length > 0 ? _last.TextBeforeRefusal : _last.Text ?? "");
                break;
            case ClientToolCallsEvent calls:
                _calls = calls.Calls;
                break;
        }
    }

    /// <summary>The message as JSON.</summary>
    public RawJson ToJson()
    {
        End(_text.ToString());
        var output = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("role"u8, "assistant"u8);
        json.WritePropertyName("content"u8);
        if (_texts.Count > 0 || (_calls.Count == 0 && _refusal.Length == 0))
            json.WriteStringValue(Joined(_texts));
        else
            json.WriteNullValue();
        json.WriteString("refusal"u8, _last?.Refusal ?? (_refusal.Length > 0 ? _refusal.ToString() : null));
        if (_thoughts.Count > 0)
            json.WriteString("reasoning_content"u8, Joined(_thoughts));
        if (_calls.Count > 0)
            WriteCalls(json);
        if (Annotation.Of(Joined(_texts), _sources, isWhole: true) is { Count: > 0 } annotations)
        {
            json.WritePropertyName("annotations"u8);
            JsonSerializer.Serialize(json, annotations, WebJson.Relaxed.ListAnnotation);
        }

        if (_last?.ProviderData is { } data)
        {
            json.WritePropertyName("provider_data"u8);
            json.WriteRawValue(data.Utf8.Span);
        }

        json.WriteEndObject();
        json.Flush();
        return new RawJson(output.WrittenMemory);
    }

    private void WriteCalls(Utf8JsonWriter json)
    {
        json.WriteStartArray("tool_calls"u8);
        foreach (var call in _calls)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, call.Id);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            json.WriteString("arguments"u8, call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void End(string text)
    {
        if (text.Length > 0)
            _texts.Add(text);
        if (_thought.Length > 0)
            _thoughts.Add(_thought.ToString());
        _text.Clear();
        _thought.Clear();
    }

    // Half a surrogate pair, which a model can write, is no valid text: it becomes U+FFFD.
    private static string Joined(List<string> pieces) => LoneSurrogates.Replace(string.Join(Paragraph, pieces));
}

using System.Text;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Events;

namespace FuncChat.Web.Formats.UiMessages;

/// <summary>The tool calls of a turn: what the client knows of each, and what the chunks about them need.</summary>
internal sealed class UiToolCalls
{
    private readonly Dictionary<string, string> _arguments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _shown = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _callsOfRequests = new(StringComparer.Ordinal);
    private readonly HashSet<string> _denied = new(StringComparer.Ordinal);

    /// <summary>What the provider wants back with the latest message, until a part carries it.</summary>
    public UiProviderMetadata? Metadata { get; set; }

    /// <summary>The arguments of a call: JSON, or a string if they are not valid JSON.</summary>
    public static RawJson JsonOf(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);
            return new RawJson(Encoding.UTF8.GetBytes(arguments));
        }
        catch (JsonException)
        {
            return StringOf(arguments);
        }
    }

    /// <summary>Adds the calls of a message.</summary>
    public void Add(FinishedMessage message)
    {
        foreach (var call in message.Calls)
            _arguments[call.Id] = call.Arguments;
        Metadata = message.ProviderData is { } data ? new UiProviderMetadata(new UiFuncChatMetadata(data)) : null;
    }

    /// <summary>Shows a call that the server runs, if the client does not know it, or knows other arguments.</summary>
    /// <param name="arguments">The arguments that it runs with; null for those of the message.</param>
    public void Show(string id, string name, string? arguments, UiMessageWriter writer)
    {
        if (_shown.TryGetValue(id, out var shown) && (arguments is null || arguments == shown))
            return;
        _shown[id] = arguments ??= _arguments.GetValueOrDefault(id, "{}");
        writer.Part(new UiMessageChunk("tool-input-available")
        {
            ToolCallId = id,
            ToolName = name,
            Input = JsonOf(arguments),
            ProviderExecuted = true,
            Dynamic = true,
            ProviderMetadata = TakeMetadata(),
        });
    }

    /// <summary>Shows a call that the client runs.</summary>
    public void ShowClient(ClientToolCall call, UiSdkVersion version, UiMessageWriter writer)
    {
        if (call.CanRun())
        {
            writer.Part(new UiMessageChunk("tool-input-available")
            {
                ToolCallId = call.Id,
                ToolName = call.Name,
                Input = JsonOf(call.Arguments),
                ProviderMetadata = TakeMetadata(),
            });
            return;
        }

        // As `tool-input-error`, which the first versions lack: a call whose input never becomes available does not run.
        writer.Part(new UiMessageChunk("tool-input-start")
        {
            ToolCallId = call.Id,
            ToolName = call.Name,
            ProviderMetadata = version.StartsInputWithMetadata ? TakeMetadata() : null,
        });
        writer.Part(new UiMessageChunk("tool-input-delta") { ToolCallId = call.Id, InputTextDelta = call.Arguments });
        writer.Part(new UiMessageChunk("tool-output-error") { ToolCallId = call.Id, ErrorText = ClientToolCall.Invalid });
    }

    public void Ask(ApprovalRequestEvent request) => _callsOfRequests[request.Id] = request.CallId;

    public void Answer(RequestAnsweredEvent answered)
    {
        if (answered.Type != SignalType.Approve && _callsOfRequests.TryGetValue(answered.Id, out var call))
            _denied.Add(call);
    }

    /// <summary>The chunk of a call's result.</summary>
    public UiMessageChunk ResultOf(ToolCallResultEvent result, UiSdkVersion version)
    {
        if (_denied.Contains(result.Id) && version.HasApprovals)
            return new UiMessageChunk("tool-output-denied") { ToolCallId = result.Id };
        var chunk = new UiMessageChunk(result.Error == true ? "tool-output-error" : "tool-output-available")
        {
            ToolCallId = result.Id,
            ProviderExecuted = true,
            Dynamic = true,
        };
        return result.Error == true ? chunk with { ErrorText = result.Content } : chunk with { Output = OutputOf(result.Content) };
    }

    /// <summary>The output of a call: the object or array that the text is the JSON of, or the text.</summary>
    public static RawJson OutputOf(string content)
    {
        var json = content.AsSpan().Trim();
        return json.Length > 0 && json[0] is '{' or '[' ? JsonOf(content) : StringOf(content);
    }

    /// <summary>The text as a JSON string. Half a surrogate pair, which a tool's text can contain, becomes U+FFFD.</summary>
    public static RawJson StringOf(string text) => new(JsonText.Of(text).Utf8);

    private UiProviderMetadata? TakeMetadata()
    {
        var metadata = Metadata;
        Metadata = null;
        return metadata;
    }
}

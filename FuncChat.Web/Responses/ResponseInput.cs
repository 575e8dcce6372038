using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Web.Chat;
using FuncChat.Web.Formats.Responses;
using FuncChat.Web.Http;

namespace FuncChat.Web.Responses;

/// <summary>An input item that answers a request for an approval.</summary>
internal sealed record ApprovalAnswer(string RequestId, bool Approve, string? Reason, string Path);

/// <summary>The `input` of a request: OpenAI's items as messages of its chat completions.</summary>
internal sealed class ResponseInput
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    // Items that say nothing to the model, or what other items say too.
    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal)
    {
        "web_search_call", "mcp_list_tools", "file_search_call", "compaction",
    };

    private readonly List<(RawJson Message, string Path)> _messages = [];
    private readonly List<ApprovalAnswer> _approvals = [];
    private readonly List<SentApprovalRequest> _requests = [];
    private readonly List<(JsonElement Id, string Name, JsonElement Arguments)> _calls = [];
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);
    private JsonElement? _content;
    private JsonElement? _providerData;
    private string? _openPath;

    private readonly IReadOnlyDictionary<string, JsonElement> _referenced;

    private ResponseInput(IReadOnlyDictionary<string, JsonElement> referenced) => _referenced = referenced;

    /// <summary>The messages, and where each is in the request.</summary>
    public IReadOnlyList<(RawJson Message, string Path)> Messages => _messages;

    /// <summary>The answers at the end. Those that a message of the model or a call follows are part of the history.</summary>
    public IReadOnlyList<ApprovalAnswer> Approvals => _approvals;

    /// <summary>The requests for approvals. They say nothing to the model.</summary>
    public IReadOnlyList<SentApprovalRequest> Requests => _requests;

    /// <summary>Where the first item is that follows the answers and continues the conversation in another way; null if there is none.</summary>
    public string? AfterApprovals { get; private set; }

    /// <param name="referenced">The items that the input refers to, by their ids.</param>
    public static Result<ResponseInput> Read(JsonElement input, IReadOnlyDictionary<string, JsonElement> referenced)
    {
        var read = new ResponseInput(referenced);
        if (input.ValueKind == JsonValueKind.String)
        {
            read.AddMessage("user", input, "$.input");
            return read;
        }

        if (input.ValueKind != JsonValueKind.Array)
            return JsonField.Error("$.input", "The input must be a string, or an array of items.");
        var place = 0;
        foreach (var item in input.EnumerateArray())
        {
            if (read.Add(item, $"$.input[{place++}]") is { } error)
                return error;
        }

        read.EndAssistant();
        return read;
    }

    private AppError? Add(JsonElement item, string path)
    {
        if (item.ValueKind != JsonValueKind.Object)
            return JsonField.Error(path, "An item must be an object with a type, such as {\"type\":\"message\",\"role\":\"user\",\"content\":\"Hello\"}.");
        if (ReferencedItems.IdOf(item) is { } id)
        {
            // A reference is short, and its item can be long.
            if (!_named.Add(id))
                return JsonField.Error($"{path}.id", "The input has this item twice.");
            return _referenced.TryGetValue(id, out var whole)
                ? Add(whole, path)
                : JsonField.Error($"{path}.id", "There is no such item. It may have expired, or its response was not stored.");
        }

        var type = JsonField.TextOf(item, "type") ?? (item.TryGetProperty("role", out _) ? "message" : "");
        switch (type)
        {
            case "message":
                return AddMessage(item, path);
            case "function_call":
                return AddCall(item, "call_id", path);
            case "custom_tool_call":
                return AddCustomCall(item, path);
            case "function_call_output" or "custom_tool_call_output":
                NoteNew(path);
                EndAssistant();
                return AddResult(item, "call_id", "output", path);
            case "mcp_call":
                return AddServerCall(ReferencedItems.BareCallIdOf(item) is { } callId && _referenced.TryGetValue(callId, out var call) ? call : item, path);
            case "reasoning":
                return AddReasoning(ReferencedItems.BareReasoningIdOf(item) is { } reasoningId && _referenced.TryGetValue(reasoningId, out var reasoning) ? reasoning : item, path);
            case "mcp_approval_request":
                if (JsonField.TextOf(item, "id") is not { } requestId)
                    return JsonField.Error($"{path}.id", "The id of the request is missing.");
                _requests.Add(SentApprovalRequest.Of(requestId, item, path));
                return null;
            case "mcp_approval_response":
                return AddApproval(item, path);
            default:
                return Ignored.Contains(type)
                    ? null
                    : JsonField.Error(
                        $"{path}.type", "The type must be one of: message, function_call, function_call_output, custom_tool_call, custom_tool_call_output, mcp_call, mcp_approval_request, mcp_approval_response, reasoning, web_search_call.");
        }
    }

    private AppError? AddMessage(JsonElement item, string path)
    {
        var role = JsonField.TextOf(item, "role");
        if (role is not ("user" or "assistant" or "system" or "developer"))
            return JsonField.Error($"{path}.role", "The role must be one of: user, assistant, system, developer.");
        if (!item.TryGetProperty("content", out var content))
            return JsonField.Error($"{path}.content", "The content is missing.");
        if (content.ValueKind == JsonValueKind.Array && ResponseParts.FindError(content, $"{path}.content") is { } error)
            return error;

        if (role == "assistant")
            EndApprovals();
        else
            NoteNew(path);

        // A text after calls is of their message too, since the results of the calls follow.
        if (role == "assistant" && _content is null && _calls.Count > 0)
        {
            _content = content;
            return null;
        }

        EndAssistant();
        if (role == "assistant")
            (_content, _openPath) = (content, path);
        else
            AddMessage(role, content, path);
        return null;
    }

    private void AddMessage(string role, JsonElement content, string path) => Add(path, json =>
    {
        json.WriteString("role"u8, role);
        WriteContent(json, content);
    });

    private AppError? AddCall(JsonElement item, string idField, string path)
    {
        if (JsonField.TextOf(item, idField) is null || JsonField.TextOf(item, "name") is null || JsonField.TextOf(item, "arguments") is null)
            return JsonField.Error(path, $"A call must have {idField}, name and arguments, all strings.");
        AddCall(item.GetProperty(idField), ModelNameOf(item), item.GetProperty("arguments"), path);
        return null;
    }

    private AppError? AddCustomCall(JsonElement item, string path)
    {
        if (JsonField.TextOf(item, "call_id") is null || JsonField.TextOf(item, "name") is null || JsonField.TextOf(item, "input") is not { } input)
            return JsonField.Error(path, "A call of a custom tool must have call_id, name and input, all strings.");
        AddCall(item.GetProperty("call_id"), ModelNameOf(item), ClientToolNames.ArgumentsOf(input), path);
        return null;
    }

    private static string ModelNameOf(JsonElement call) => ClientToolNames.Of(JsonField.TextOf(call, "namespace"), JsonField.TextOf(call, "name")!);

    private void AddCall(JsonElement id, string name, JsonElement arguments, string path)
    {
        EndApprovals();
        _openPath ??= path;
        _calls.Add((id, name, arguments));
    }

    private AppError? AddServerCall(JsonElement item, string path)
    {
        if (AddCall(item, "id", path) is { } error)
            return error;
        EndAssistant();
        var hasOutput = JsonField.TryGet(item, "output", out var output);
        if (hasOutput)
            return AddResult(item, "id", "output", path);
        var failure = JsonField.TryGet(item, "error", out var failed) ? failed.GetRawText() : "The call has no result.";
        Add(path, json =>
        {
            json.WriteString("role"u8, "tool"u8);
            json.WritePropertyName("tool_call_id"u8);
            item.GetProperty("id").WriteTo(json);
            json.WriteString("content"u8, failure);
        });
        return null;
    }

    private AppError? AddResult(JsonElement item, string idField, string field, string path)
    {
        if (JsonField.TextOf(item, idField) is null)
            return JsonField.Error($"{path}.{idField}", $"The {idField} of the call is missing.");
        if (!item.TryGetProperty(field, out var output) || output.ValueKind is not (JsonValueKind.String or JsonValueKind.Array))
            return JsonField.Error($"{path}.{field}", "This must be a string, or an array of parts.");
        if (output.ValueKind == JsonValueKind.Array && ResponseParts.FindError(output, $"{path}.{field}") is { } error)
            return error;
        Add(path, json =>
        {
            json.WriteString("role"u8, "tool"u8);
            json.WritePropertyName("tool_call_id"u8);
            item.GetProperty(idField).WriteTo(json);
            WriteContent(json, output, mayBeEmpty: true); // of a tool that returns nothing
        });
        return null;
    }

    // It belongs to the message that follows, or to the one that is open: clients that store items as they end have it after the text.
    private AppError? AddReasoning(JsonElement item, string path)
    {
        if (!JsonField.TryGet(item, "encrypted_content", out var value))
            return null;
        if (!JsonField.TryGetText(value, out var text))
            return JsonField.Error($"{path}.encrypted_content", "This must be a string.");

        // A conversation may have begun at another server.
        if (!SentProviderData.IsOwn(text!))
            return null;
        if (SentProviderData.Parse(text!) is not { } data)
            return JsonField.Error($"{path}.encrypted_content", "This is not what the server sent: return it unchanged, or leave the item out.") with { Reason = "invalid_encrypted_content" };
        if (_openPath is not null && _providerData is not null && _calls.Count > 0)
            return null;
        if (_providerData is not null)
            EndAssistant();
        _providerData = data;
        return null;
    }

    private AppError? AddApproval(JsonElement item, string path)
    {
        if (JsonField.TextOf(item, "approval_request_id") is not { } id)
            return JsonField.Error($"{path}.approval_request_id", "The id of the request is missing.");
        if (!item.TryGetProperty("approve", out var approve) || approve.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            return JsonField.Error($"{path}.approve", "This must be true or false.");
        if (FieldRules.FindError(item, path, [new Field("reason", FieldRules.AnyText)]) is { } error)
            return error;
        _approvals.Add(new ApprovalAnswer(id, approve.ValueKind == JsonValueKind.True, JsonField.TextOf(item, "reason"), path));
        return null;
    }

    private void EndApprovals()
    {
        _approvals.Clear();
        AfterApprovals = null;
    }

    private void NoteNew(string path)
    {
        if (_approvals.Count > 0)
            AfterApprovals ??= path;
    }

    // A message and the calls after it are one message of the model.
    private void EndAssistant()
    {
        if (_openPath is not { } path)
            return;
        Add(path, json =>
        {
            json.WriteString("role"u8, "assistant"u8);
            if (_content is { } content)
                WriteContent(json, content);
            else
                json.WriteNull("content"u8);
            if (_calls.Count > 0)
                WriteCalls(json);
            if (_providerData is not { } data)
                return;
            json.WritePropertyName("provider_data"u8);
            data.WriteTo(json);
        });
        (_content, _openPath) = (null, null);
        _calls.Clear();
    }

    private void WriteCalls(Utf8JsonWriter json)
    {
        json.WriteStartArray("tool_calls"u8);
        foreach (var (id, name, arguments) in _calls)
        {
            json.WriteStartObject();
            json.WritePropertyName("id"u8);
            id.WriteTo(json);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, name);
            json.WritePropertyName("arguments"u8);
            arguments.WriteTo(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteContent(Utf8JsonWriter json, JsonElement content, bool mayBeEmpty = false)
    {
        json.WritePropertyName("content"u8);
        if (mayBeEmpty && content.ValueKind == JsonValueKind.Array && content.GetArrayLength() == 0)
            json.WriteStringValue(""u8);
        else if (content.ValueKind == JsonValueKind.Array)
            ResponseParts.Write(json, content);
        else
            content.WriteTo(json);
    }

    private void Add(string path, Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(output, Relaxed);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        json.Flush();
        _messages.Add((new RawJson(output.WrittenMemory), path));
        _providerData = null; // Without a message of the model, reasoning led to nothing.
    }
}

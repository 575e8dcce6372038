using System.Text.Json;
using FuncChat.Engine.Models.Http;
using FuncChat.Tools;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>
/// Writes the messages of a conversation as one provider accepts them. What clients and other providers put into a message stays out; what this
/// provider and model put into it goes back.
/// </summary>
internal sealed class MessageWriter(JsonBody body, ProviderProfile profile, ModelLimits limits, string provider, string model)
{
    // Stands for the answer that a turn stopped after its tools never wrote.
    private const string NoAnswer = "(no answer)";

    // A template that wants the roles to alternate wants the user's first.
    private const string NoQuestion = ".";

    private readonly Utf8JsonWriter _json = body.Json;
    private readonly SentCallIds _ids = new(profile.ToolCallIds);
    private bool _hasInstructions;
    private string? _lastRole;

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> messages)
    {
        var documents = messages.Select(message => JsonDocument.Parse(LoneSurrogates.Replace(message))).ToList();
        try
        {
            var written = MergedMessages.Of([.. documents.Select(document => document.RootElement)], limits, profile.HasDeveloperRole && limits.Allows(RefusedFields.DeveloperRole));
            for (var place = 0; place < written.Count; place++)
                Write(written[place], isLast: place == written.Count - 1, isOfToolTurn: IsOfToolTurn(written, place));
        }
        finally
        {
            documents.ForEach(static document => document.Dispose());
        }
    }

    private ReasoningEcho Reasoning =>
        !limits.Allows(RefusedFields.Reasoning) ? ReasoningEcho.Never
        : limits.NeedsReasoning ? ReasoningEcho.WithToolCalls
        : profile.Reasoning;

    // A turn is what lies between two messages of the user.
    private bool IsOfToolTurn(List<JsonElement> messages, int place)
    {
        if (Reasoning is not ReasoningEcho.WithToolCalls)
            return false;
        var start = place;
        while (start > 0 && !IsUser(messages[start - 1]))
            start--;
        return messages.Skip(start).TakeWhile(message => !IsUser(message)).Any(message => MessageJson.ToolCalls(message).Any());
    }

    private static bool IsUser(JsonElement message) => MessageJson.Role(message) == "user";

    private void Write(JsonElement message, bool isLast, bool isOfToolTurn)
    {
        switch (MessageJson.Role(message))
        {
            case "assistant":
                WriteAssistant(message, isLast, isOfToolTurn);
                break;
            case "tool":
                WriteTool(message);
                break;
            case "user" when _lastRole == "tool" && (profile.AnswersResults || !limits.Allows(MessageOrders.SameRoles)):
                WriteMessage("assistant", NoAnswer);
                WriteOther(message, "user");
                break;
            case "developer" when !profile.HasDeveloperRole || !limits.Allows(RefusedFields.DeveloperRole):
                WriteOther(message, "system");
                break;
            case "developer":
                body.AddSent(RefusedFields.DeveloperRole);
                WriteOther(message, "developer");
                break;
            case var role:
                WriteOther(message, role);
                break;
        }
    }

    private void WriteMessage(string role, string text)
    {
        StartMessage(role);
        _json.WriteString("content"u8, text);
        _json.WriteEndObject();
    }

    private void WriteOther(JsonElement message, string role)
    {
        StartMessage(role);
        var content = message.GetProperty("content");

        // Some servers take text as a string only.
        if (content.ValueKind is JsonValueKind.Array && ContentParts.TextOnly(content) is { } text)
            _json.WriteString("content"u8, text);
        else
            body.WriteRaw("content", content);
        WriteName(message);
        _json.WriteEndObject();
    }

    private void StartMessage(string role)
    {
        NoteOrder(role);
        _json.WriteStartObject();
        _json.WriteString("role"u8, role);
    }

    private void NoteOrder(string role)
    {
        var isInstruction = role is "system" or "developer";
        if (isInstruction && (_hasInstructions || _lastRole is not null) && limits.Allows(MessageOrders.LaterInstructions))
            body.AddOrder(MessageOrders.LaterInstructions);
        var isOutOfTurn = role switch
        {
            "user" => _lastRole is "user" or "tool",
            "assistant" => _lastRole is null or "assistant",
            _ => isInstruction && _lastRole is not null,
        };
        if (isOutOfTurn && limits.Allows(MessageOrders.SameRoles))
            body.AddOrder(MessageOrders.SameRoles);
        _hasInstructions |= isInstruction;
        _lastRole = isInstruction ? _lastRole : role;
    }

    private void WriteTool(JsonElement message)
    {
        var id = MessageJson.Text(message, "tool_call_id") ?? "";
        StartMessage("tool");
        _json.WriteString("tool_call_id"u8, _ids.Of(id));
        _json.WriteString("content"u8, MessageJson.JoinText(message));
        _json.WriteEndObject();
    }

    private void WriteAssistant(JsonElement message, bool isLast, bool isOfToolTurn)
    {
        var calls = MessageJson.ToolCalls(message).ToList();
        var text = MessageJson.JoinText(message);

        // An answer that was empty means nothing to a model, and some providers refuse it.
        if (calls.Count == 0 && text.Length == 0)
            return;

        if (_lastRole is null && !limits.Allows(MessageOrders.SameRoles))
            WriteMessage("user", NoQuestion);
        var state = Reasoning is ReasoningEcho.Never ? null : ProviderData.Of(message, provider, model);
        StartMessage("assistant");
        _json.WritePropertyName("content"u8);
        if (state?.MessageText(ProviderProfile.ThinkingPart) is { } thoughts)
            WriteParts(thoughts, text);
        else if (text.Length > 0)
            _json.WriteStringValue(text);
        else
            _json.WriteNullValue();
        WriteName(message);
        WriteReasoning(message, state, isOfToolTurn);
        if (calls.Count > 0)
            WriteCalls(calls, ProviderData.Of(message, provider, model));
        else if (isLast && profile.MarksPrefill)
            _json.WriteBoolean("prefix"u8, true);
        _json.WriteEndObject();
    }

    private void WriteParts(string thoughts, string text)
    {
        body.AddSent(RefusedFields.Reasoning);
        _json.WriteStartArray();
        _json.WriteStartObject();
        _json.WriteString("type"u8, "thinking"u8);
        _json.WriteStartArray("thinking"u8);
        WriteText(thoughts);
        _json.WriteEndArray();
        _json.WriteEndObject();
        if (text.Length > 0)
            WriteText(text);
        _json.WriteEndArray();
    }

    private void WriteText(string text)
    {
        _json.WriteStartObject();
        _json.WriteString("type"u8, "text"u8);
        _json.WriteString("text"u8, text);
        _json.WriteEndObject();
    }

    private void WriteReasoning(JsonElement message, ProviderData? state, bool isOfToolTurn)
    {
        if (Reasoning is ReasoningEcho.WithToolCalls)
        {
            if (!isOfToolTurn)
                return;
            body.AddSent(RefusedFields.Reasoning);
            _json.WriteString("reasoning_content"u8,
                state?.MessageText("reasoning_content") ?? state?.MessageText("reasoning") ?? MessageJson.Text(message, "reasoning_content") ?? "");
            return;
        }

        foreach (var field in state?.MessageFields() ?? [])
        {
            if (field.Name is not ("reasoning_content" or "reasoning" or "reasoning_details" or "thinking_blocks" or "extra_content"))
                continue;
            body.AddSent(RefusedFields.Reasoning);
            body.WriteRaw(field.Name, field.Value);
        }
    }

    private void WriteCalls(List<JsonElement> calls, ProviderData? state)
    {
        _json.WriteStartArray("tool_calls"u8);
        foreach (var call in calls)
        {
            var id = MessageJson.Text(call, "id") ?? "";
            var own = state?.ToolCall(id) ?? default;
            _json.WriteStartObject();
            _json.WriteString("id"u8, _ids.Add(id, MessageJson.Text(own, "id")));
            _json.WriteString("type"u8, "function"u8);
            WriteFunction(call.GetProperty("function"), own);
            if (limits.Allows(RefusedFields.Reasoning))
                WriteOwn(own, except: ["id", "type", "function"]);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void WriteFunction(JsonElement function, JsonElement own)
    {
        _json.WriteStartObject("function"u8);
        _json.WriteString("name"u8, ToolCallText.CleanName(MessageJson.Text(function, "name") ?? "", static _ => false));
        _json.WriteString("arguments"u8, ToolCallText.ToObjectOrEmpty(MessageJson.Text(function, "arguments")));
        if (own.ValueKind is JsonValueKind.Object && own.TryGetProperty("function", out var ownFunction) && limits.Allows(RefusedFields.Reasoning))
            WriteOwn(ownFunction, except: ["name", "arguments"]);
        _json.WriteEndObject();
    }

    private void WriteOwn(JsonElement own, ReadOnlySpan<string> except)
    {
        if (own.ValueKind is not JsonValueKind.Object)
            return;
        foreach (var field in own.EnumerateObject())
        {
            if (except.Contains(field.Name))
                continue;
            body.AddSent(RefusedFields.Reasoning);
            body.WriteRaw(field.Name, field.Value);
        }
    }

    private void WriteName(JsonElement message)
    {
        if (MessageJson.Text(message, "name") is not { Length: > 0 } name || !limits.Allows(RefusedFields.Name))
            return;
        body.AddSent(RefusedFields.Name);
        _json.WriteString("name"u8, name);
    }
}

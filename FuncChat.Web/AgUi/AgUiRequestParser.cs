using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Tools;
using FuncChat.Web.Chat;
using FuncChat.Web.Formats.AgUi;
using FuncChat.Web.Formats.UiMessages;
using FuncChat.Web.Http;
using FuncChat.Web.OpenAi;
using FuncChat.Web.Turns;

namespace FuncChat.Web.AgUi;

/// <summary>
/// Reads `RunAgentInput`, which is untrusted. `forwardedProps` may have fields of OpenAI's chat completions, such as `model`, and the names of tools of this
/// server in `server_tools`. Unknown fields are ignored.
/// </summary>
internal sealed class AgUiRequestParser(ChatTurnBuilder chats)
{
    private const int MaxIdLength = 256;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    public async ValueTask<Result<AgUiRunRequest>> ParseAsync(ReadOnlyMemory<byte> body, ToolUser user, CancellationToken cancellationToken)
    {
        if (!Utf8.IsValid(body.Span))
            return JsonField.Error("$", "The body is not valid UTF-8.");
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return await ParseAsync(document.RootElement, user, cancellationToken);
        }
        catch (JsonException e)
        {
            return RequestJson.ErrorOf(e);
        }
        catch (InvalidOperationException)
        {
            // JSON allows a string that is half a surrogate pair; reading it throws.
            return JsonField.Error("$", "A field, or its name, is not valid Unicode.");
        }
    }

    private async ValueTask<Result<AgUiRunRequest>> ParseAsync(JsonElement input, ToolUser user, CancellationToken cancellationToken)
    {
        if (input.ValueKind != JsonValueKind.Object)
            return JsonField.Error("$", "The body must be a JSON object.");
        foreach (var name in (string[])["threadId", "runId"])
        {
            if (AgUiConversation.Text(input, name) is not { Length: > 0 and <= MaxIdLength })
                return JsonField.Error($"$.{name}", $"{name} must be a string of 1 to {MaxIdLength} characters.");
        }

        if (!input.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array)
            return JsonField.Error("$.messages", "The messages must be an array.");
        var run = new AgUiRunRequest(AgUiConversation.Text(input, "threadId")!, AgUiConversation.Text(input, "runId")!)
        {
            Messages = RawJson.Of(messages),
            State = input.TryGetProperty("state", out var state) && state.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? RawJson.Of(state) : null,
        };
        return input.TryGetProperty("resume", out var resume) && resume.ValueKind == JsonValueKind.Array && resume.GetArrayLength() > 0
            ? AnswersIn(run, resume)
            : await TurnOfAsync(run, input, messages, user, cancellationToken);
    }

    private async ValueTask<Result<AgUiRunRequest>> TurnOfAsync(
        AgUiRunRequest run, JsonElement input, JsonElement messages, ToolUser user, CancellationToken cancellationToken)
    {
        var forwarded = input.TryGetProperty("forwardedProps", out var given) && given.ValueKind == JsonValueKind.Object ? given : Empty;
        var fields = new CompletionFields(forwarded);
        var model = fields.Text("model");
        var sampling = fields.Sampling();
        if (fields.Error is { } invalid)
            return Located(invalid);
        var selection = CompletionTools.Read(forwarded);
        if (!selection.Succeeded)
            return Located(selection.Error);
        var tools = ToolsIn(input);
        if (!tools.Succeeded)
            return tools.Error;
        var written = AgUiConversation.Write(input.TryGetProperty("context", out var context) ? context : default, messages);
        if (!written.Succeeded)
            return written.Error;
        using var conversation = written.Value;
        var turn = await chats.BuildAsync(
            conversation, model, selection.Value, [.. tools.Value, .. selection.Value.ClientTools], sampling, CompletionFields.OptionsOf(forwarded), user, cancellationToken);
        if (!turn.Succeeded)
            return turn.Error;
        var (parent, place) = ParentIn(messages);
        return run with
        {
            ParentTurnId = parent,
            Added = [.. conversation.AddedAfter(place)],
            Turn = turn.Value with
            {
                ProtocolData = new RawJson(JsonSerializer.SerializeToUtf8Bytes(
                    new StoredAgUiRun(run.ThreadId, run.RunId, run.Messages, run.State), AgUiJson.Relaxed.StoredAgUiRun)),
            },
        };
    }

    private static AppError Located(AppError error) =>
        error.Path is { } path && path.StartsWith("$.", StringComparison.Ordinal) ? error with { Path = $"$.forwardedProps{path[1..]}" } : error;

    private static Result<List<ClientTool>> ToolsIn(JsonElement input)
    {
        var tools = new List<ClientTool>();
        if (!input.TryGetProperty("tools", out var sent) || sent.ValueKind != JsonValueKind.Array)
            return tools;
        foreach (var entry in sent.EnumerateArray())
        {
            var path = $"$.tools[{tools.Count}]";
            if (AgUiConversation.Text(entry, "name") is not { } name || !CompletionTools.IsName(name))
                return JsonField.Error($"{path}.name", "The name must have 1 to 64 letters, digits, '_' and '-'.");
            if (tools.Count == CompletionTools.MaxTools || tools.Exists(tool => tool.Name == name))
                return JsonField.Error(path, $"The tools must have different names, and be at most {CompletionTools.MaxTools}.");
            var hasParameters = entry.TryGetProperty("parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Object;
            tools.Add(new ClientTool(name, AgUiConversation.Text(entry, "description") ?? "", hasParameters ? RawJson.Of(parameters) : CompletionTools.NoArguments));
        }

        return tools;
    }

    // The ids of the messages that a turn writes name it.
    private static (string? TurnId, int Place) ParentIn(JsonElement messages)
    {
        for (var place = messages.GetArrayLength() - 1; place >= 0; place--)
        {
            if (AgUiConversation.Text(messages[place], "role") != "assistant")
                continue;
            var turnId = AgUiConversation.Text(messages[place], "id")?.Split('.')[0] ?? "";
            return TurnKey.IsTurnId(turnId) ? (turnId, place) : (null, -1);
        }

        return (null, -1);
    }

    private static Result<AgUiRunRequest> AnswersIn(AgUiRunRequest run, JsonElement resume)
    {
        var answers = new List<GivenAnswer>();
        string? turnId = null;
        foreach (var entry in resume.EnumerateArray())
        {
            if (AgUiConversation.Text(entry, "interruptId") is not { } text || UiApprovalId.Parse(text) is not { } id || (turnId ??= id.TurnId) != id.TurnId)
                return JsonField.Error($"$.resume[{answers.Count}].interruptId", "This must be the id of an interrupt of the run before.");
            var payload = entry.TryGetProperty("payload", out var given) ? given : default;
            if (FindError(AgUiConversation.Text(entry, "status"), payload, $"$.resume[{answers.Count}]") is { } error)
                return error;
            answers.Add(AnswerOf(id.RequestId, AgUiConversation.Text(entry, "status") == "resolved", payload));
        }

        return run with { AnsweredTurnId = turnId, Answers = answers };
    }

    private static AppError? FindError(string? status, JsonElement payload, string path)
    {
        if (status == "cancelled")
            return null;
        if (status != "resolved")
            return JsonField.Error($"{path}.status", "The status must be one of: resolved, cancelled.");
        if (payload.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return JsonField.Error($"{path}.payload", "The answer is missing: send a payload that matches the interrupt's responseSchema.");
        return IsApproval(payload) && ChangedIn(payload) is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) }
            ? JsonField.Error($"{path}.payload.arguments", "The changed arguments must be an object.")
            : null;
    }

    // The payload of an approval is a flag or has one; the answer to a question is the payload itself.
    private static bool IsApproval(JsonElement payload) => payload.ValueKind is JsonValueKind.True or JsonValueKind.False
        || (payload.ValueKind == JsonValueKind.Object && payload.TryGetProperty("approved", out var flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.False);

    private static JsonElement? ChangedIn(JsonElement payload) =>
        payload.ValueKind == JsonValueKind.Object && (payload.TryGetProperty("arguments", out var arguments) || payload.TryGetProperty("editedArgs", out arguments)) ? arguments : null;

    private static GivenAnswer AnswerOf(string requestId, bool isResolved, JsonElement payload)
    {
        const int MaxReason = 2000;
        if (isResolved && !IsApproval(payload))
            return new GivenAnswer(requestId, SignalType.Answer, new RequestAnswer { Content = OneLine(payload) });
        var isApproved = isResolved && (payload.ValueKind == JsonValueKind.Object ? payload.GetProperty("approved") : payload).ValueKind == JsonValueKind.True;
        if (!isApproved)
        {
            var reason = AgUiConversation.Text(payload, "reason");
            return new GivenAnswer(requestId, SignalType.Deny, new RequestAnswer { Reason = reason is null ? null : TextCut.Ellipsize(reason, MaxReason) });
        }

        var changed = ChangedIn(payload) is { ValueKind: JsonValueKind.Object } arguments ? arguments.GetRawText().ReplaceLineEndings(" ") : null;
        return new GivenAnswer(requestId, SignalType.Approve, new RequestAnswer { Arguments = changed });
    }

    private static RawJson OneLine(JsonElement json) => new(Encoding.UTF8.GetBytes(json.GetRawText().ReplaceLineEndings(" ")));
}

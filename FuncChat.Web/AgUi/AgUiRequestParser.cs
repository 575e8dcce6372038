using System.Text;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Tools;
using FuncChat.Web.Chat;
using FuncChat.Web.Formats;
using FuncChat.Web.Formats.AgUi;
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
    // CopilotKit spells fields of chat completions as the rest of its protocol.
    private static readonly Dictionary<string, string> Spellings = new(StringComparer.Ordinal) { ["toolChoice"] = "tool_choice", ["maxTokens"] = "max_tokens" };

    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    public ValueTask<Result<AgUiRunRequest>> ParseAsync(ReadOnlyMemory<byte> body, ToolUser user, CancellationToken cancellationToken) =>
        RequestDocument.ReadAsync(body, root => ParseAsync(root, user, cancellationToken));

    private async ValueTask<Result<AgUiRunRequest>> ParseAsync(JsonElement input, ToolUser user, CancellationToken cancellationToken)
    {
        if (AgUiRules.FindError(input) is { } invalid)
            return invalid;
        var messages = input.GetProperty("messages");
        var run = new AgUiRunRequest(JsonField.TextOf(input, "threadId")!, JsonField.TextOf(input, "runId")!)
        {
            Messages = RawJson.Of(messages),
            State = input.TryGetProperty("state", out var state) && state.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? RawJson.Of(state) : null,
            ProtocolVersion = JsonField.TextOf(input, "protocolVersion"),
        };
        if (!input.TryGetProperty("resume", out var resume) || resume.ValueKind != JsonValueKind.Array || resume.GetArrayLength() == 0)
            return await TurnOfAsync(run, input, messages, user, cancellationToken);
        var answers = AnswersIn(run, resume);

        // A user who denies, and writes something else instead, wants an answer to that.
        return answers.Value is { } given && given.Answers.All(answer => answer.Type == SignalType.Deny) && IsNewQuestion(messages, given.AnsweredTurnId)
            ? await TurnOfAsync(run with { CancelledTurnId = given.AnsweredTurnId }, input, messages, user, cancellationToken)
            : answers;
    }

    private async ValueTask<Result<AgUiRunRequest>> TurnOfAsync(
        AgUiRunRequest run, JsonElement input, JsonElement messages, ToolUser user, CancellationToken cancellationToken)
    {
        var forwarded = ForwardedIn(input);
        var fields = new CompletionFields(forwarded);
        var model = fields.Text("model");
        var sampling = fields.Sampling();
        if ((fields.Error ?? CompletionRules.FindError(forwarded) ?? CompletionRules.MisnamedAdditions.FindError(forwarded, "$")) is { } invalid)
            return Located(invalid);
        var selection = CompletionTools.Read(forwarded);
        if (!selection.Succeeded)
            return Located(selection.Error);
        if (ReadTools(input, out var tools) is { } unreadable)
            return unreadable;
        if (FindDuplicate(tools, selection.Value) is { } duplicate)
            return duplicate;
        if (ToolChoice.FindError(forwarded, [.. tools.Select(tool => tool.Name), .. selection.Value.Names]) is { } unoffered)
            return Located(unoffered);
        using var conversation = AgUiConversation.Write(input.TryGetProperty("context", out var context) ? context : default, messages);
        var turn = await chats.BuildAsync(
            conversation, model, selection.Value, [.. tools, .. selection.Value.ClientTools], sampling, CompletionFields.OptionsOf(forwarded), user, cancellationToken);
        if (!turn.Succeeded)
            return turn.Error.Path?.StartsWith("$.messages", StringComparison.Ordinal) == true ? turn.Error : Located(turn.Error);
        var (parent, place) = ParentIn(messages);
        return run with
        {
            ParentTurnId = parent,
            Added = [.. conversation.AddedAfter(place)],
            Turn = turn.Value with
            {
                ProtocolData = new StoredAgUiRun(run.ThreadId, run.RunId, run.Messages, run.State) { ProtocolVersion = run.ProtocolVersion }.ToJson(),
            },
        };
    }

    private static JsonElement ForwardedIn(JsonElement input)
    {
        if (!input.TryGetProperty("forwardedProps", out var given) || given.ValueKind != JsonValueKind.Object)
            return Empty;
        if (!Spellings.Keys.Any(name => given.TryGetProperty(name, out _)))
            return given;
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            foreach (var field in given.EnumerateObject())
            {
                writer.WritePropertyName(Spellings.TryGetValue(field.Name, out var name) && !given.TryGetProperty(name, out _) ? name : field.Name);
                field.Value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(json.ToArray());
    }

    private static AppError Located(AppError error) =>
        error.Path is { } path && path.StartsWith("$.", StringComparison.Ordinal) ? error with { Path = $"$.forwardedProps{path[1..]}" } : error;

    private static AppError? ReadTools(JsonElement input, out List<ClientTool> tools)
    {
        tools = [];
        if (!input.TryGetProperty("tools", out var definitions) || definitions.ValueKind != JsonValueKind.Array)
            return null;
        foreach (var definition in definitions.EnumerateArray())
        {
            var tool = ClientToolDefinition.Read(JsonField.TextOf(definition, "name")!, definition, $"$.tools[{tools.Count}]");
            if (!tool.Succeeded)
                return tool.Error;
            tools.Add(tool.Value);
        }

        return null;
    }

    private static AppError? FindDuplicate(List<ClientTool> tools, CompletionTools selection)
    {
        var names = new HashSet<string>(selection.Names, StringComparer.Ordinal);
        var place = tools.FindIndex(tool => !names.Add(tool.Name));
        return place < 0 ? null : JsonField.Error($"$.tools[{place}].name", "Another tool of this request has the same name.");
    }

    // The ids of the messages that a turn writes name it.
    private static (string? TurnId, int Place) ParentIn(JsonElement messages)
    {
        // An index into a JSON array counts its elements from the start.
        var all = messages.EnumerateArray().ToList();
        var place = all.FindLastIndex(message => JsonField.TextOf(message, "role") == "assistant");
        var turnId = place < 0 ? "" : JsonField.TextOf(all[place], "id")?.Split('.')[0] ?? "";
        return TurnKey.IsTurnId(turnId) ? (turnId, place) : (null, -1);
    }

    private static bool IsNewQuestion(JsonElement messages, string? turnId) =>
        ParentIn(messages).TurnId == turnId && JsonField.TextOf(messages.EnumerateArray().Last(), "role") == "user";

    private static Result<AgUiRunRequest> AnswersIn(AgUiRunRequest run, JsonElement resume)
    {
        var answers = new List<GivenAnswer>();
        var payloads = new Dictionary<string, RawJson>(StringComparer.Ordinal);
        string? turnId = null;
        foreach (var entry in resume.EnumerateArray())
        {
            if (JsonField.TextOf(entry, "interruptId") is not { } text || PersonRequestId.Parse(text) is not { } id || (turnId ??= id.TurnId) != id.TurnId)
                return JsonField.Error($"$.resume[{answers.Count}].interruptId", "This must be the id of an interrupt of the run before.");
            var payload = entry.TryGetProperty("payload", out var given) ? given : default;
            var isResolved = JsonField.TextOf(entry, "status") == "resolved";
            if (isResolved && FindErrorOfPayload(payload, $"$.resume[{answers.Count}].payload") is { } error)
                return error;
            answers.Add(AnswerOf(id.RequestId, isResolved, payload));
            if (isResolved && payload.ValueKind == JsonValueKind.Object && IsApproval(payload))
                payloads[id.RequestId] = OneLine(payload);
        }

        return GivenAnswer.FindContradiction(answers.Select((answer, place) => (answer, $"$.resume[{place}].interruptId"))) is { } contradiction
            ? contradiction
            : run with { AnsweredTurnId = turnId, Answers = answers, Payloads = payloads };
    }

    private static AppError? FindErrorOfPayload(JsonElement payload, string path)
    {
        if (payload.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return JsonField.Error(path, "The answer is missing: send a payload that matches the interrupt's responseSchema.");
        return IsApproval(payload) && ChangedIn(payload) is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) }
            ? JsonField.Error($"{path}.arguments", "The changed arguments must be an object.")
            : null;
    }

    // The payload of an approval is a flag or has one; the answer to a question is the payload itself.
    private static bool IsApproval(JsonElement payload) => payload.ValueKind is JsonValueKind.True or JsonValueKind.False
        || (payload.ValueKind == JsonValueKind.Object && payload.TryGetProperty("approved", out var flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.False);

    private static JsonElement? ChangedIn(JsonElement payload) =>
        payload.ValueKind == JsonValueKind.Object && (payload.TryGetProperty("arguments", out var arguments) || payload.TryGetProperty("editedArgs", out arguments)) ? arguments : null;

    private static GivenAnswer AnswerOf(string requestId, bool isResolved, JsonElement payload)
    {
        if (isResolved && !IsApproval(payload))
            return new GivenAnswer(requestId, SignalType.Answer, new RequestAnswer { Content = OneLine(payload) });
        var isApproved = isResolved && (payload.ValueKind == JsonValueKind.Object ? payload.GetProperty("approved") : payload).ValueKind == JsonValueKind.True;
        if (!isApproved)
        {
            var reason = JsonField.TextOf(payload, "reason");
            return new GivenAnswer(requestId, SignalType.Deny, new RequestAnswer { Reason = reason is null ? null : TextCut.Ellipsize(reason, SignalRequest.MaxReason) });
        }

        var changed = ChangedIn(payload) is { ValueKind: JsonValueKind.Object } arguments ? JsonField.OneLine(arguments) : null;
        return new GivenAnswer(requestId, SignalType.Approve, new RequestAnswer { Arguments = changed });
    }

    private static RawJson OneLine(JsonElement json) => new(Encoding.UTF8.GetBytes(JsonField.OneLine(json)));
}

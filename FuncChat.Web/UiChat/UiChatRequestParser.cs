using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Tools;
using FuncChat.Web.Chat;
using FuncChat.Web.Formats;
using FuncChat.Web.Formats.UiMessages;
using FuncChat.Web.Http;
using FuncChat.Web.OpenAi;
using FuncChat.Web.Turns;

namespace FuncChat.Web.UiChat;

/// <summary>
/// Reads the body of `POST /api/ui/chat`, which is untrusted: what the AI SDK's transports send and, next to it, the fields of OpenAI's chat completions that
/// an app adds. All others are ignored.
/// </summary>
internal sealed class UiChatRequestParser(ChatTurnBuilder chats)
{
    private const int MaxIdLength = 256;

    public ValueTask<Result<UiChatRequest>> ParseAsync(ReadOnlyMemory<byte> body, ToolUser user, CancellationToken cancellationToken) =>
        RequestDocument.ReadAsync(body, root => ParseAsync(root, user, cancellationToken));

    private async ValueTask<Result<UiChatRequest>> ParseAsync(JsonElement body, ToolUser user, CancellationToken cancellationToken)
    {
        var fields = new CompletionFields(body);
        var chatId = fields.Text("id");
        if ((fields.Error ?? UiChatRules.FindError(body)) is { } invalid)
            return invalid;
        if (chatId is { Length: 0 or > MaxIdLength })
            return JsonField.Error("$.id", $"The id of the chat must have 1 to {MaxIdLength} characters.");
        var messages = body.GetProperty("messages");
        if (messages.GetArrayLength() == 0)
            return JsonField.Error("$.messages", "The conversation is missing: send messages, as useChat does.");
        var last = messages[messages.GetArrayLength() - 1];
        var continued = fields.Text("trigger") != "regenerate-message" && JsonField.TextOf(last, "role") == "assistant" ? last : default;
        if (continued.ValueKind == JsonValueKind.Object)
        {
            var answers = AnswersIn(continued, $"$.messages[{messages.GetArrayLength() - 1}]");
            if (!answers.Succeeded)
                return answers.Error;
            if (answers.Value.Count > 0)
                return AnswersOf(chatId, answers.Value);
        }

        return await TurnOfAsync(body, fields, messages, chatId, JsonField.TextOf(continued, "id"), user, cancellationToken);
    }

    private async ValueTask<Result<UiChatRequest>> TurnOfAsync(
        JsonElement body, CompletionFields fields, JsonElement messages, string? chatId, string? messageId, ToolUser user, CancellationToken cancellationToken)
    {
        var system = fields.Text("system");
        var model = fields.Text("model");
        var sampling = fields.Sampling();
        if ((fields.Error ?? CompletionRules.FindError(body) ?? CompletionRules.MisnamedAdditions.FindError(body, "$")) is { } invalid)
            return invalid;
        if (messageId is { Length: > MaxIdLength })
            return JsonField.Error("$.messages", $"The id of a message must have at most {MaxIdLength} characters.");
        var selection = CompletionTools.Read(body, acceptsMap: true);
        if (!selection.Succeeded)
            return selection.Error;
        if (ToolChoice.FindError(body, selection.Value.Names) is { } unoffered)
            return unoffered;
        using var conversation = UiConversation.Write(system, messages);
        var turn = await chats.BuildAsync(
            conversation, model, selection.Value, selection.Value.ClientTools, sampling, CompletionFields.OptionsOf(body), user, cancellationToken);
        if (!turn.Succeeded)
            return turn.Error;
        var (parent, place) = ParentIn(messages);
        return new UiChatRequest(chatId)
        {
            MessageId = messageId,
            ParentTurnId = parent,
            Added = [.. conversation.AddedAfter(place)],
            Turn = turn.Value with { ProtocolData = messageId is null ? null : new StoredUiMessage(messageId).ToJson() },
        };
    }

    private static Result<List<(PersonRequestId Id, JsonElement Approval, string Path)>> AnswersIn(JsonElement message, string path)
    {
        var answers = new List<(PersonRequestId, JsonElement, string)>();
        if (!message.TryGetProperty("parts", out var parts) || parts.ValueKind != JsonValueKind.Array)
            return answers;
        var place = -1;
        foreach (var part in parts.EnumerateArray())
        {
            place++;
            if (JsonField.TextOf(part, "state") != "approval-responded")
                continue;
            var approvalPath = $"{path}.parts[{place}].approval";
            if (!part.TryGetProperty("approval", out var approval) || JsonField.TextOf(approval, "id") is not { } text)
                return JsonField.Error($"{approvalPath}.id", "The id of the approval is missing.");
            if (PersonRequestId.Parse(text) is not { } id)
                return new AppError(ErrorCode.NotFound, "There is no such approval. It may have expired.") { Path = $"{approvalPath}.id" };
            if (!approval.TryGetProperty("approved", out var approved) || approved.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                return JsonField.Error($"{approvalPath}.approved", "approved must be true or false.");
            if (FieldRules.FindError(approval, approvalPath, [new Field("reason", FieldRules.AnyText)]) is { } error)
                return error;
            answers.Add((id, approval, $"{approvalPath}.id"));
        }

        return answers;
    }

    private static Result<UiChatRequest> AnswersOf(string? chatId, List<(PersonRequestId Id, JsonElement Approval, string Path)> answers)
    {
        // Only the id and the answer are the client's: what was asked is in the log of the turn.
        var turnId = answers[^1].Id.TurnId;
        var own = answers.Where(answer => answer.Id.TurnId == turnId).Select(answer => (Answer: AnswerOf(answer.Id, answer.Approval), answer.Path)).ToList();
        return GivenAnswer.FindContradiction(own) is { } contradiction
            ? contradiction
            : new UiChatRequest(chatId) { AnsweredTurnId = turnId, Answers = [.. own.Select(each => each.Answer)] };
    }

    private static GivenAnswer AnswerOf(PersonRequestId id, JsonElement approval)
    {
        var isApproved = approval.GetProperty("approved").GetBoolean();
        var reason = JsonField.TextOf(approval, "reason");
        return new GivenAnswer(
            id.RequestId, isApproved ? SignalType.Approve : SignalType.Deny,
            new RequestAnswer { Reason = isApproved || reason is null ? null : TextCut.Ellipsize(reason, SignalRequest.MaxReason) });
    }

    // The metadata of an answer names the latest turn that wrote it; its id is that of the first.
    private static (string? TurnId, int Place) ParentIn(JsonElement messages)
    {
        // An index into a JSON array counts its elements from the start.
        var all = messages.EnumerateArray().ToList();
        var place = all.FindLastIndex(message => JsonField.TextOf(message, "role") == "assistant");
        if (place < 0)
            return (null, -1);
        var turnId = all[place].TryGetProperty("metadata", out var metadata) ? JsonField.TextOf(metadata, "turnId") : null;
        turnId ??= JsonField.TextOf(all[place], "id");
        return turnId is not null && TurnKey.IsTurnId(turnId) ? (turnId, place) : (null, -1);
    }
}

using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Tools;
using FuncChat.Web.Chat;
using FuncChat.Web.Files;
using FuncChat.Web.Http;
using FuncChat.Web.Turns;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.OpenAi;

/// <summary>
/// Reads the body of `POST /api/v1/chat/completions`, which is untrusted. Fields that OpenAI's API has are honored, passed on to the provider, or refused by
/// name if the answer would mean something else without them; all others are ignored, since clients send what newer versions of the API have.
/// </summary>
internal sealed class CompletionRequestParser(ModelCatalog models, ToolCatalog tools, FileCheck files, IOptions<HttpApiOptions> options)
{
    /// <param name="turnId">The turn's id by the request's headers; one in the body takes precedence.</param>
    public ValueTask<Result<TurnBody>> ParseAsync(ReadOnlyMemory<byte> body, string? turnId, ToolUser user, CancellationToken cancellationToken) =>
        RequestDocument.ReadAsync(body, root => ParseAsync(root, turnId, RequestJson.Fingerprint(body), user, cancellationToken));

    private async ValueTask<Result<TurnBody>> ParseAsync(
        JsonElement body, string? turnId, string fingerprint, ToolUser user, CancellationToken cancellationToken)
    {
        var fields = new CompletionFields(body);
        var sampling = fields.Sampling();
        var stream = fields.Flag("stream");
        var asked = fields.Text("model");
        turnId = fields.TurnId() ?? turnId;
        if (fields.Error is { } error)
            return error;
        if ((RefusedFields.FindError(body) ?? CompletionRules.FindErrorOfStream(body, stream) ?? CompletionRules.FindError(body) ?? CompletionRules.FindMisnamed(body)) is { } refused)
            return refused;

        if (!body.TryGetProperty("messages", out var sent))
            return JsonField.Error("$.messages", "The conversation is missing: send messages, such as [{\"role\":\"user\",\"content\":\"Hello\"}].");
        using var current = LegacyMessages.Update(sent);
        var messages = current?.RootElement ?? sent;
        if (new ConversationCheck(options.Value.MaxMessages, isLenient: true).FindError(messages) is { } wrong)
            return wrong;
        if (!models.TryResolve(asked, out var model, out var unknown))
            return unknown;
        if (InputCheck.FindError(messages, model) is { } unsupported)
            return unsupported;
        if (await files.FindErrorAsync(messages, user.Id, model, threadId: null, cancellationToken) is { } missing)
            return missing;

        var selection = CompletionTools.Read(body);
        if (!selection.Succeeded)
            return selection.Error;
        if (ToolChoice.FindError(body, selection.Value.Names) is { } unoffered)
            return unoffered;
        var serverTools = await ToolSelection.ResolveAsync(selection.Value.ServerTools, tools, user, cancellationToken, selection.Value.PathOfServerTool);
        if (!serverTools.Succeeded)
            return serverTools.Error;

        var turn = new ChatTurnRequest
        {
            Model = model.Id,
            Resolved = model,
            Messages = [.. UnansweredCalls.Drop(messages)],
            Tools = serverTools.Value,
            ClientTools = selection.Value.ClientTools.Count > 0 ? selection.Value.ClientTools : null,
            Sampling = sampling,
            Options = CompletionFields.OptionsOf(body),
            Fingerprint = fingerprint,

            // A client without an id for its turn has no way back to it.
            StopsWithClient = turnId is null,
        };
        return new TurnBody(turnId, turn) { Stream = stream, IncludeUsage = IncludesUsage(body), AskedModel = asked ?? model.Id };
    }

    private static bool IncludesUsage(JsonElement body) =>
        body.TryGetProperty("stream_options", out var options) && options.ValueKind == JsonValueKind.Object
        && options.TryGetProperty("include_usage", out var value) && value.ValueKind == JsonValueKind.True;
}

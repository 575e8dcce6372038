using System.Text.Json;
using System.Text.Unicode;
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
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <param name="turnId">The turn's id by the request's headers; one in the body takes precedence.</param>
    public async ValueTask<Result<TurnBody>> ParseAsync(ReadOnlyMemory<byte> body, string? turnId, ToolUser user, CancellationToken cancellationToken)
    {
        if (!Utf8.IsValid(body.Span))
            return JsonField.Error("$", "The body is not valid UTF-8.");
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return await ParseAsync(document.RootElement, turnId, RequestJson.Fingerprint(body), user, cancellationToken);
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

    private async ValueTask<Result<TurnBody>> ParseAsync(
        JsonElement body, string? turnId, string fingerprint, ToolUser user, CancellationToken cancellationToken)
    {
        if (body.ValueKind != JsonValueKind.Object)
            return JsonField.Error("$", "The body must be a JSON object.");
        var fields = new CompletionFields(body);
        var sampling = fields.Sampling();
        var stream = fields.Flag("stream");
        var includeUsage = fields.Flag("include_usage", "stream_options");
        var asked = fields.Text("model");
        turnId = fields.TurnId() ?? turnId;
        if (fields.Error is { } error)
            return error;
        if (RefusedFields.FindError(body) is { } refused)
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
        return new TurnBody(turnId, turn) { Stream = stream, IncludeUsage = includeUsage, AskedModel = asked ?? model.Id };
    }
}

using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Tools;
using FuncChat.Web.Http;
using FuncChat.Web.Turns;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Chat;

/// <summary>
/// Reads the bodies of `POST /api/chat` and `POST /api/proxy`, which are untrusted, and reports the first error with its JSON path. A valid request has
/// known fields of the right types, a model and tools that the server has, and a conversation in which each tool message answers a call.
/// </summary>
public sealed class ChatRequestParser(ModelCatalog models, ToolCatalog tools, IOptions<HttpApiOptions> options)
{
    /// <summary>Checks a body.</summary>
    /// <param name="forProxy">Whether the body may contain OpenAI's fields for streaming.</param>
    public async ValueTask<Result<TurnBody>> ParseAsync(
        ReadOnlyMemory<byte> body, ToolUser user, CancellationToken cancellationToken, bool forProxy = false)
    {
        var request = Read(body, forProxy);
        if (!request.Succeeded)
            return request.Error;
        if (FindError(request.Value, out var names) is { } error)
            return error;
        var turn = TurnOf(request.Value, RequestJson.Fingerprint(body));
        if (!turn.Succeeded)
            return turn.Error;
        var selected = await ToolSelection.ResolveAsync(names, tools, user, cancellationToken);
        if (!selected.Succeeded)
            return selected.Error;
        var answer = request.Value as ProxyRequest;
        return new TurnBody(request.Value.TurnId, names.Count == 0 ? turn.Value : turn.Value with { Tools = selected.Value })
        {
            Stream = answer?.Stream ?? false,
            IncludeUsage = answer?.StreamOptions?.IncludeUsage ?? false,
        };
    }

    private static Result<ChatFields> Read(ReadOnlyMemory<byte> body, bool forProxy)
    {
        if (forProxy)
        {
            var proxied = RequestJson.Read(body, RequestJsonContext.Default.ProxyRequest);
            return proxied.Succeeded ? proxied.Value : proxied.Error;
        }

        var request = RequestJson.Read(body, RequestJsonContext.Default.ChatRequest);
        return request.Succeeded ? request.Value : request.Error;
    }

    private Result<ChatTurnRequest> TurnOf(ChatFields request, string fingerprint)
    {
        if (!models.TryResolve(request.Model, out var resolved, out var unknown))
            return unknown;
        if (InputCheck.FindError(request.Messages!.Value, resolved) is { } unsupported)
            return unsupported;
        return new ChatTurnRequest
        {
            Model = resolved.Id,
            Resolved = resolved,
            Messages = [.. UnansweredCalls.Drop(request.Messages!.Value)],
            ApprovedTools = request.ApprovedTools is { Count: > 0 } ? request.ApprovedTools : null,
            Sampling = request.ToSampling(),
            Fingerprint = fingerprint,
        };
    }

    private AppError? FindError(ChatFields request, out IReadOnlyList<string> tools)
    {
        tools = [];
        try
        {
            return new ConversationCheck(options.Value.MaxMessages).FindError(request.Messages!.Value)
                ?? (request.Tools is { } given ? ToolSelection.Read(given, "$.tools", out tools) : null);
        }
        catch (InvalidOperationException)
        {
            // JSON allows a name that is half a surrogate pair; reading it throws.
            return JsonField.Error("$", "The name of a field is not valid Unicode.");
        }
    }
}

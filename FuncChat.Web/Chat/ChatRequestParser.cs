using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Threads;
using FuncChat.Tools;
using FuncChat.Web.Files;
using FuncChat.Web.Http;
using FuncChat.Web.Threads;
using FuncChat.Web.Turns;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Chat;

/// <summary>
/// Reads the bodies of `POST /api/chat` and `POST /api/proxy`, which are untrusted, and reports the first error with its JSON path. A valid request has
/// known fields of the right types, a model and tools that the server has, and a conversation in which each tool message answers a call.
/// </summary>
internal sealed class ChatRequestParser(ModelCatalog models, ToolCatalog tools, FileCheck files, IOptions<HttpApiOptions> options)
{
    /// <summary>Checks a body.</summary>
    /// <param name="forProxy">Whether the body may contain OpenAI's fields for streaming.</param>
    /// <param name="threads">The threads that the body may continue; null where it can't.</param>
    public async ValueTask<Result<TurnBody>> ParseAsync(
        ReadOnlyMemory<byte> body, ToolUser user, CancellationToken cancellationToken, bool forProxy = false, ThreadTurns? threads = null)
    {
        var request = Read(body, forProxy);
        if (!request.Succeeded)
            return request.Error;
        if (RequestDocument.FindInvalidText(body) is { } invalid)
            return invalid;
        ThreadBody? thread = null;
        if (threads is not null && request.Value is ChatRequest { ThreadId: not null } threaded)
        {
            var joined = await JoinAsync(threaded, user, threads, cancellationToken);
            if (!joined.Succeeded)
                return joined.Error;
            thread = joined.Value;
        }

        if (FindError(request.Value, thread, out var names) is { } error)
            return error;
        var turn = TurnOf(request.Value, thread, RequestJson.Fingerprint(body));
        if (!turn.Succeeded)
            return turn.Error;
        if (await FindErrorOfFilesAsync(request.Value, thread, turn.Value.Resolved!, user, cancellationToken) is { } missing)
            return missing;
        var selected = thread is not null && request.Value.Tools is null
            ? await ToolsOfAsync(thread, user, cancellationToken)
            : await ToolSelection.ResolveAsync(names, tools, user, cancellationToken);
        if (!selected.Succeeded)
            return selected.Error;
        var answer = request.Value as ProxyRequest;
        return new TurnBody(request.Value.TurnId, selected.Value.Count == 0 ? turn.Value : turn.Value with { Tools = selected.Value })
        {
            Thread = thread,
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
        return !request.Succeeded ? request.Error : request.Value.FindErrorOfThread() is { } error ? error : request.Value;
    }

    private static async ValueTask<Result<ThreadBody>> JoinAsync(ChatRequest request, ToolUser user, ThreadTurns threads, CancellationToken cancellationToken)
    {
        // Alone first: they decide how they are joined.
        if (MessageCheck.FindErrorOfAll(request.Messages!.Value) is { } error)
            return error;
        var mode = request.IfRunning switch
        {
            "queue" => IfRunning.Queue,
            "interrupt" => IfRunning.Interrupt,
            _ => IfRunning.Refuse,
        };
        var position = await threads.FindAsync(new ThreadKey(user.Id, request.ThreadId!), request.TurnId, request.ParentTurnId, mode, cancellationToken);
        return position.Succeeded ? ThreadBody.Of(position.Value, request.Messages!.Value) : position.Error;
    }

    // A tool of the thread that the server no longer has is not offered.
    private async ValueTask<Result<List<ToolRef>>> ToolsOfAsync(ThreadBody thread, ToolUser user, CancellationToken cancellationToken)
    {
        var selected = new List<ToolRef>();
        foreach (var name in thread.Position.Thread?.Tools ?? [])
            selected.AddRange((await ToolSelection.ResolveAsync([name], tools, user, cancellationToken)).Value ?? []);
        return selected;
    }

    // Files of a thread are deleted with it, and not before.
    private async ValueTask<AppError?> FindErrorOfFilesAsync(
        ChatFields request, ThreadBody? thread, ResolvedModel model, ToolUser user, CancellationToken cancellationToken) =>
        await files.FindErrorAsync(thread?.Messages ?? request.Messages!.Value, user.Id, model, (request as ChatRequest)?.ThreadId, cancellationToken, thread is null ? null : thread.PathOf);

    private Result<ChatTurnRequest> TurnOf(ChatFields request, ThreadBody? thread, string fingerprint)
    {
        var messages = thread?.Messages ?? request.Messages!.Value;
        if (!models.TryResolve(request.Model ?? thread?.Position.Thread?.Model, out var resolved, out var unknown))
            return unknown;
        if (InputCheck.FindError(messages, resolved, thread is null ? null : thread.PathOf) is { } unsupported)
            return unsupported;
        return new ChatTurnRequest
        {
            Model = resolved.Id,
            Resolved = resolved,
            Messages = [.. UnansweredCalls.Drop(messages)],
            ApprovedTools = request.ApprovedTools is { Count: > 0 } ? request.ApprovedTools : null,
            Sampling = request.ToSampling(),
            Fingerprint = fingerprint,
        };
    }

    private AppError? FindError(ChatFields request, ThreadBody? thread, out IReadOnlyList<string> tools)
    {
        tools = [];
        return new ConversationCheck(options.Value.MaxMessages, stored: thread?.Inserted ?? 0, pathOf: thread is null ? null : thread.PathOf).FindError(thread?.Messages ?? request.Messages!.Value)
            ?? (request.Tools is { } given ? ToolSelection.Read(given, "$.tools", out tools) : null);
    }
}

using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FuncChat.Engine;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Threads;
using FuncChat.Engine.Turns;
using FuncChat.Tools;
using FuncChat.Web.Chat;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FuncChat.Web.Threads;

/// <summary>`/api/threads`: lists, creates, reads, changes, exports and deletes the threads of the caller.</summary>
internal sealed class ThreadApi(ThreadService threads, RequestBody bodies, ModelCatalog models, ToolCatalog tools, RequestMemory memory, TimeProvider time)
{
    private const int MaxListed = 200;

    /// <summary>`GET /api/threads`.</summary>
    public async Task<IResult> ListAsync(HttpContext http)
    {
        var query = QueryOf(http.Request.Query);
        if (!query.Succeeded)
            return new ProblemResult(query.Error);
        var page = await threads.ListAsync(Caller.UserOf(http), query.Value, http.RequestAborted);
        if (!page.Succeeded)
            return new ProblemResult(page.Error);
        var list = new ThreadList([.. page.Value.Threads.Select(ThreadListItem.Of)], page.Value.Next);
        var json = JsonSerializer.SerializeToUtf8Bytes(list, WebJson.Relaxed.ThreadList);
        var etag = $"\"{Convert.ToHexStringLower(SHA256.HashData(json))[..32]}\"";
        http.Response.Headers.ETag = etag;
        return ThreadETag.IsKnown(http.Request, etag) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Bytes(json, "application/json");
    }

    /// <summary>`POST /api/threads`.</summary>
    public async Task<IResult> CreateAsync(HttpContext http)
    {
        var body = await ReadAsync(http, RequestJsonContext.Default.CreateThreadRequest, request => request.FindErrorOfNew(time.GetUtcNow()));
        if (!body.Succeeded)
            return new ProblemResult(body.Error);
        var key = new ThreadKey(Caller.UserOf(http), body.Value.ThreadId ?? ThreadKey.NewThreadId());
        var thread = await threads.CreateAsync(key, body.Value.ToChange(), ThreadTime.Read(body.Value.CreatedAt), http.RequestAborted);
        return thread.Succeeded ? Report(http, thread.Value, StatusCodes.Status201Created) : new ProblemResult(thread.Error);
    }

    /// <summary>`GET /api/threads/{threadId}`.</summary>
    public async Task<IResult> ReadAsync(HttpContext http)
    {
        if (!ThreadResource.TryGetKey(http, out var key))
            return ThreadResource.Unknown();
        var thread = await threads.OpenAsync(key, http.RequestAborted);
        return thread.Succeeded ? Report(http, thread.Value) : new ProblemResult(thread.Error);
    }

    /// <summary>`PATCH /api/threads/{threadId}`.</summary>
    public async Task<IResult> ChangeAsync(HttpContext http)
    {
        if (!ThreadResource.TryGetKey(http, out var key))
            return ThreadResource.Unknown();
        var body = await ReadAsync(http, RequestJsonContext.Default.ChangeThreadRequest, request => request.FindError());
        if (!body.Succeeded)
            return new ProblemResult(body.Error);
        if (await FindUnknownAsync(http, body.Value) is { } unknown)
            return new ProblemResult(unknown);
        var thread = await threads.ChangeAsync(key, body.Value.ToChange(), known => ThreadResource.FindChange(http, known), http.RequestAborted);
        return thread.Succeeded ? Report(http, thread.Value) : new ProblemResult(thread.Error);
    }

    /// <summary>`DELETE /api/threads/{threadId}`.</summary>
    public async Task<IResult> DeleteAsync(HttpContext http)
    {
        if (!ThreadResource.TryGetKey(http, out var key))
            return ThreadResource.Unknown();
        return await threads.DeleteAsync(key, known => ThreadResource.FindChange(http, known), http.RequestAborted) is { } error ? new ProblemResult(error) : TypedResults.NoContent();
    }

    /// <summary>`GET /api/threads/{threadId}/export`: the whole thread as a file.</summary>
    public async Task<IResult> ExportAsync(HttpContext http)
    {
        if (!ThreadResource.TryGetKey(http, out var key))
            return ThreadResource.Unknown();
        var thread = await threads.ReadAsync(key, http.RequestAborted);
        if (!thread.Succeeded)
            return new ProblemResult(thread.Error);
        if (memory.HoldForResponse(http, key.User, TurnBatch.MostBytesInMemory(thread.Value.Turns)) is { } full)
            return new ProblemResult(full);
        http.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = $"{key.ThreadId}.json" }.ToString();
        return new ThreadExportResult(threads, thread.Value);
    }

    private static Result<ThreadQuery> QueryOf(IQueryCollection query)
    {
        if (ListLimit.FindError(query, MaxListed, out var limit) is { } error)
            return error;
        var archived = query["archived"].ToString();
        if (archived is not ("" or "true" or "false" or "all"))
            return new AppError(ErrorCode.InvalidRequest, "The parameter archived must be true, false or all.");
        var shared = query["shared"].ToString();
        if (shared is not ("" or "true"))
            return new AppError(ErrorCode.InvalidRequest, "The parameter shared can only be true.");
        var search = query["search"].ToString();
        var cursor = query["after"].ToString();
        var threads = new ThreadQuery(limit)
        {
            Archived = archived == "all" ? null : archived == "true",
            Search = search.Length > 0 ? search : null,
            Folder = query.TryGetValue("folder", out var folder) ? folder.ToString().Trim() : null,
            Shared = shared.Length > 0,
            After = cursor.Length > 0 ? cursor : null,
        };
        return threads.IsValid ? threads : ListLimit.WrongCursor;
    }

    // Not for new threads: a client's own history may name models and tools that the server no longer has.
    private async ValueTask<AppError?> FindUnknownAsync(HttpContext http, ChangeThreadRequest change)
    {
        if (change.Model is { Length: > 0 } model && !models.TryResolve(model, out _, out var unknown))
            return unknown;
        return change.Tools is { Count: > 0 } names ? (await ToolSelection.ResolveAsync(names, tools, Caller.ToolUserOf(http), http.RequestAborted)).Error : null;
    }

    private static IResult Report(HttpContext http, ThreadDocument thread, int status = StatusCodes.Status200OK)
    {
        var report = ThreadReport.Of(thread);
        http.Response.Headers.ETag = report.Etag;
        return status == StatusCodes.Status200OK && HttpMethods.IsGet(http.Request.Method) && ThreadETag.IsKnown(http.Request, report.Etag)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Json(report, WebJson.Relaxed.ThreadReport, statusCode: status);
    }

    private async Task<Result<T>> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type, Func<T, AppError?> findError)
        where T : class
    {
        var body = await bodies.ReadAsync(http, type);
        return body.Succeeded && findError(body.Value) is { } error ? error : body;
    }
}

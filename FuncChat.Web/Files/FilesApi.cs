using System.Text.Json.Serialization;
using FuncChat.Engine.Files;
using FuncChat.Engine.Turns;
using FuncChat.Web.Http;
using FuncChat.Web.Threads;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Files;

/// <summary>`/api/files`: images and documents that messages refer to by their ids.</summary>
internal sealed class FilesApi(FileService files, FileBody bodies, RequestMemory memory)
{
    public const int MaxListed = 200;

    /// <summary>`POST`: stores a file.</summary>
    public Task<IResult> UploadAsync(HttpContext http) => bodies.ReadAsync(http, async upload =>
    {
        var file = await files.UploadAsync(Caller.UserOf(http), upload.Name, upload.Content, upload.ThreadId, http.RequestAborted);
        return file.Succeeded
            ? TypedResults.Json(Describe(file.Value), WebJson.Relaxed.FileDescription, statusCode: StatusCodes.Status201Created)
            : new ProblemResult(file.Error);
    });

    /// <summary>`GET`: lists the caller's files.</summary>
    public async Task<IResult> ListAsync(HttpContext http)
    {
        var thread = ThreadIdField.In(http.Request.Query);
        if (ThreadIdField.FindError(thread, "thread_id") is { } invalid)
            return new ProblemResult(invalid);
        if (ListLimit.FindError(http.Request.Query, MaxListed, out var limit, whenAbsent: int.MaxValue) is { } wrong)
            return new ProblemResult(wrong);
        var list = await files.ListAsync(Caller.UserOf(http), thread, http.RequestAborted);
        return list.Succeeded
            ? TypedResults.Json(new FileList([.. list.Value.Take(limit).Select(Describe)]), WebJson.Relaxed.FileList)
            : new ProblemResult(list.Error);
    }

    /// <summary>`GET {id}`: what is known of a file.</summary>
    public async Task<IResult> ReadAsync(HttpContext http)
    {
        var file = await files.ReadAsync(KeyOf(http), http.RequestAborted);
        return file.Succeeded ? TypedResults.Json(Describe(file.Value), WebJson.Relaxed.FileDescription) : new ProblemResult(file.Error);
    }

    /// <summary>`GET {id}/content`: the file, for downloading. A browser neither runs nor shows it.</summary>
    public async Task<IResult> ReadContentAsync(HttpContext http)
    {
        var key = KeyOf(http);
        var file = await files.ReadAsync(key, http.RequestAborted);
        if (!file.Succeeded)
            return new ProblemResult(file.Error);
        if (memory.HoldForResponse(http, key.User, file.Value.Bytes) is { } full)
            return new ProblemResult(full);
        var content = await files.ReadContentAsync(key, http.RequestAborted);
        return content.Succeeded ? FileDownload.Of(http, file.Value, content.Value) : new ProblemResult(content.Error);
    }

    /// <summary>`DELETE {id}`: deletes a file.</summary>
    public async Task<IResult> DeleteAsync(HttpContext http) =>
        await files.DeleteAsync(KeyOf(http), http.RequestAborted) is { } error ? new ProblemResult(error) : TypedResults.NoContent();

    private static FileKey KeyOf(HttpContext http) => new(Caller.UserOf(http), PathId.Of(http, "fileId"));

    private FileDescription Describe(StoredFile file) =>
        new(file.Id, file.Name, file.MediaType, file.Bytes, file.CreatedAt.UtcDateTime)
        {
            ExpiresAt = files.ExpiryOf(file)?.UtcDateTime,
            ThreadId = file.ThreadId,
            TextNote = file.TextNote,
        };
}

internal sealed record FileList(IReadOnlyList<FileDescription> Files);

/// <summary>A file, without its content.</summary>
/// <param name="Name">The name that its user gave it, without folders.</param>
/// <param name="MediaType">The type of the content, whatever the name is.</param>
internal sealed record FileDescription(string Id, string Name, string MediaType, long Bytes, DateTime CreatedAt)
{
    /// <summary>When it is deleted. Absent for a file of a thread, which is deleted with the thread.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? ExpiresAt { get; init; }

    /// <summary>The thread that it is deleted with.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ThreadId { get; init; }

    /// <summary>For a document: what is missing from its text, or why it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TextNote { get; init; }
}

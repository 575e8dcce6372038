using FuncChat.Engine;
using FuncChat.Engine.Files;
using FuncChat.Engine.Turns;
using FuncChat.Web.Http;
using FuncChat.Web.Threads;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace FuncChat.Web.Files;

/// <summary>Reads uploads: a form with the field `file`, as browsers send it, or the file alone as the body.</summary>
internal sealed class FileBody(FileService files, RequestMemory memory)
{
    private const int FormAllowance = 64 * 1024;
    private const int MaxFieldBytes = 1024;
    private const int MaxSections = 8;
    private const int MaxBoundary = 100;

    private static AppError NoFile { get; } =
        new(ErrorCode.InvalidRequest, "The file is missing: send a form (multipart/form-data) with the field file, or the file as the body.") { Path = "$.file" };

    private static AppError BadForm { get; } = new(ErrorCode.InvalidRequest, "The form can't be read: it ended early, or it is not valid multipart/form-data.");

    /// <summary>Reads an upload, whose memory is held while the action runs.</summary>
    public async Task<IResult> ReadAsync(HttpContext http, Func<UploadedFile, Task<IResult>> action)
    {
        if (RequestBody.FindErrorOfCoding(http.Request) is { } coded)
            return new ProblemResult(coded);
        var limit = files.MaxFileBytes;
        if (http.Request.ContentLength > limit + FormAllowance)
            return new ProblemResult(FileErrors.TooLarge(limit));
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false, MaxRequestBodySize: not null } size)
            size.MaxRequestBodySize = limit + FormAllowance + RefusedBody.MostBytes;
        var held = memory.Hold(Caller.UserOf(http), Math.Min(http.Request.ContentLength ?? limit, limit));
        if (!held.Succeeded)
            return new ProblemResult(held.Error);
        using var reading = held.Value;
        var upload = await TryReadAsync(http.Request, limit);
        return upload.Succeeded ? await action(upload.Value) : new ProblemResult(upload.Error);
    }

    private static async Task<Result<UploadedFile>> TryReadAsync(HttpRequest request, int limit)
    {
        try
        {
            var upload = await ReadAsync(request, limit);
            return ThreadIdField.FindError(upload.Value?.ThreadId) is { } invalid ? invalid : upload;
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return FileErrors.TooLarge(limit);
        }
        catch (IOException e) when (e is BadHttpRequestException or ConnectionResetException)
        {
            return RequestBody.ErrorOf(request, e);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return BadForm;
        }
    }

    private static async Task<Result<UploadedFile>> ReadAsync(HttpRequest request, int limit)
    {
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= MaxBoundary } boundary ? await ReadFormAsync(request, boundary.ToString(), limit) : BadForm;
        if (type?.Type.Equals("multipart", StringComparison.OrdinalIgnoreCase) == true)
            return BadForm;
        if (await ReadAsync(request.Body, limit) is not { } content)
            return FileErrors.TooLarge(limit);
        return new UploadedFile(request.Query["name"].FirstOrDefault(), content, ThreadIdField.In(request.Query));
    }

    private static async Task<Result<UploadedFile>> ReadFormAsync(HttpRequest request, string boundary, int limit)
    {
        var reader = new MultipartReader(boundary, request.Body);
        UploadedFile? file = null;
        string? thread = null;
        for (var sections = 0; await reader.ReadNextSectionAsync() is { } section; sections++)
        {
            if (sections == MaxSections || section.GetContentDispositionHeader() is not { } disposition)
                return BadForm;
            var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            if (name == "file" && file is null)
            {
                if (await ReadAsync(section.Body, limit) is not { } content)
                    return FileErrors.TooLarge(limit);
                file = new UploadedFile(NameOf(disposition), content, null);
            }
            else if (name == "purpose" || (name == "thread_id" && thread is null))
            {
                // OpenAI's clients send a purpose.
                if (await ReadAsync(section.Body, MaxFieldBytes) is not { } value)
                    return BadForm;
                thread = name == "thread_id" ? System.Text.Encoding.UTF8.GetString(value) : thread;
            }
            else
            {
                return JsonField.Error(JsonField.PathTo("$", name), "The form has no such field, or has it twice. The fields are: file, thread_id, purpose.");
            }
        }

        return file is null ? NoFile : file with { ThreadId = thread ?? ThreadIdField.In(request.Query) };
    }

    // Browsers write a quotation mark in the name as %22, and no other character so (https://html.spec.whatwg.org/#multipart-form-data).
    private static string NameOf(ContentDispositionHeaderValue disposition) =>
        EncodedNameOf(disposition) ?? HeaderUtilities.RemoveQuotes(disposition.FileName).ToString().Replace("%22", "\"", StringComparison.Ordinal);

    private static string? EncodedNameOf(ContentDispositionHeaderValue disposition)
    {
        try
        {
            return disposition.FileNameStar.Value;
        }
        catch (NotSupportedException)
        {
            // UTF-7, which .NET refuses to decode.
            return null;
        }
    }

    // Not canceled when the client leaves, as in RequestBody.
    private static async Task<byte[]?> ReadAsync(Stream body, int limit)
    {
        using var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer)) > 0)
        {
            if (content.Length + read > limit)
                return null;
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }
}

/// <summary>A file as it was uploaded.</summary>
/// <param name="Name">The name that the client sent; it may be anything.</param>
internal sealed record UploadedFile(string? Name, byte[] Content, string? ThreadId);

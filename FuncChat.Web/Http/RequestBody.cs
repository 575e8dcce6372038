using System.Buffers;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using FuncChat.Engine;
using FuncChat.Engine.Turns;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace FuncChat.Web.Http;

/// <summary>Reads the bodies of requests, up to the limit.</summary>
internal sealed class RequestBody(RequestMemory memory, IOptions<HttpApiOptions> options)
{
    // Counted and not refused: what answers or renames something is small, and an answer must not be lost because other requests are large.
    private const int SmallBody = 16 * 1024;

    private readonly int _limit = options.Value.MaxBodyBytes;

    /// <summary>The most bytes that reading the body may keep in memory.</summary>
    public long MostOf(HttpRequest request) => Math.Min(request.ContentLength ?? _limit, _limit);

    /// <summary>Reads a record. The memory of the body counts until it is read.</summary>
    public Task<Result<T>> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class =>
        ReadAsync(http, bytes => ValueTask.FromResult(RequestJson.Read(bytes, type)));

    /// <summary>Reads and parses JSON. The memory of the body counts until it is parsed.</summary>
    public async Task<Result<T>> ReadAsync<T>(HttpContext http, Func<ReadOnlyMemory<byte>, ValueTask<Result<T>>> parse)
        where T : class
    {
        var (user, most) = (Caller.UserOf(http), MostOf(http.Request));
        var held = most <= SmallBody ? memory.HoldAdmitted(user, most) : memory.Hold(user, most);
        if (!held.Succeeded)
            return held.Error;
        using var reading = held.Value;
        var bytes = await ReadJsonAsync(http.Request);
        return bytes.Succeeded ? await parse(bytes.Value) : bytes.Error;
    }

    public async Task<Result<byte[]>> ReadJsonAsync(HttpRequest request)
    {
        // A page of another origin can send other types without a preflight request.
        if (!IsJson(request))
            return Refuse("Send JSON, with the header Content-Type: application/json.", StatusCodes.Status415UnsupportedMediaType);
        if (FindErrorOfCoding(request) is { } coded)
            return coded;
        if (request.ContentLength > _limit)
            return TooLarge();
        try
        {
            return await ReadAsync(request) is { } bytes ? bytes : TooLarge();
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return TooLarge();
        }
        catch (IOException e)
        {
            return ErrorOf(request, e);
        }
    }

    /// <summary>The error of a body that can't be read to its end.</summary>
    public static AppError ErrorOf(HttpRequest request, IOException failure)
    {
        // A body with a length fails early only with its connection, and Kestrel sends no answer. It must not try to read the rest, or another request, which fails
        // with an error in the log.
        var status = (failure as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest;
        if (request.ContentLength is not null && status == StatusCodes.Status400BadRequest)
        {
            request.HttpContext.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            request.HttpContext.Abort();
        }

        // A chunk whose size overflows is not a BadHttpRequestException.
        return Refuse(
            failure is BadHttpRequestException ? "The body could not be read: it ended early, or arrived too slowly." : "The body could not be read: its chunks have no valid sizes.",
            status);
    }

    /// <summary>The error of a body that is compressed, which no route decodes.</summary>
    public static AppError? FindErrorOfCoding(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count == 0)
            return null;
        var codings = request.Headers.ContentEncoding.SelectMany(list => (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        if (codings.All(coding => coding.Equals("identity", StringComparison.OrdinalIgnoreCase)))
            return null;
        request.HttpContext.Response.Headers.AcceptEncoding = "identity";
        return Refuse("Send the body without compression: this server accepts no Content-Encoding.", StatusCodes.Status415UnsupportedMediaType);
    }

    // RFC 8259, section 11: a charset has no effect.
    private static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);

    private static AppError Refuse(string message, int status) => new(ErrorCode.InvalidRequest, message) { Status = status };

    // RFC 8259, section 8.1: a parser may ignore a byte order mark, which some editors write.
    private static ReadOnlySequence<byte> WithoutMark(in ReadOnlySequence<byte> body)
    {
        var reader = new SequenceReader<byte>(body);
        return reader.IsNext(Encoding.UTF8.Preamble, advancePast: true) ? reader.UnreadSequence : body;
    }

    private AppError TooLarge() =>
        Refuse($"The body is larger than the {_limit} bytes that this server accepts.", StatusCodes.Status413PayloadTooLarge);

    // Without RequestAborted: Kestrel itself ends the read of a client that leaves. If the read is canceled instead, Kestrel logs an error with a stack trace.
    private async Task<byte[]?> ReadAsync(HttpRequest request)
    {
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync();
            if (read.Buffer.Length > _limit)
            {
                // Consumed, so that the server can read on: a client that sends to the end, as the Functions host does, then receives the answer.
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var bytes = WithoutMark(read.Buffer).ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}

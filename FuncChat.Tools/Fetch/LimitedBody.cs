using System.Buffers;
using System.IO.Compression;

namespace FuncChat.Tools.Fetch;

/// <summary>Reads the bodies of answers, decompressed and counted afterwards, so that a small bomb can't become a large body.</summary>
internal static class LimitedBody
{
    public const int MaxBytes = 5 * 1024 * 1024;

    /// <summary>The codings that <see cref="GuardedHttp"/> accepts. It does not decode them itself, since it would hide how small a body was.</summary>
    public const string AcceptedCodings = "gzip, deflate, br";

    // Large pages are compressed 3 to 20 times.
    private const int MaxRatio = 50;

    private const int MaxCodings = 2;

    /// <summary>Reads a body that is of no use unless it is whole.</summary>
    /// <exception cref="ToolException">The body is too large, invalid, or ends early.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken, int maxBytes = MaxBytes)
    {
        var tooLarge = $"The answer is larger than {maxBytes / (1024 * 1024)} MB, which is too large to read.";
        if (response.Content.Headers.ContentLength > maxBytes)
            throw new ToolException(tooLarge);

        var (body, isCut) = await ReadStartAsync(response, maxBytes, cancellationToken);
        return isCut ? throw new ToolException(tooLarge) : body;
    }

    /// <summary>Reads a body up to a limit.</summary>
    /// <exception cref="ToolException">The body is invalid, ends early, or is a decompression bomb.</exception>
    public static async Task<(ReadOnlyMemory<byte> Body, bool IsCut)> ReadStartAsync(
        HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            await using var received = new ReceivedBytes(await response.Content.ReadAsStreamAsync(cancellationToken));
            await using var body = await DecodeAsync(received, response, cancellationToken);
            using var start = new MemoryStream();
            int read;
            while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
            {
                var room = maxBytes - (int)start.Length;
                start.Write(buffer, 0, Math.Min(read, room));
                if (read <= room)
                    continue;
                return received.Count * MaxRatio < maxBytes
                    ? throw new ToolException($"The answer is compressed more than {MaxRatio} times and is too large to read.")
                    : (start.GetBuffer().AsMemory(0, maxBytes), IsCut: true);
            }

            return (start.GetBuffer().AsMemory(0, (int)start.Length), IsCut: false);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or InvalidDataException or InvalidOperationException)
        {
            throw new ToolException("The answer was cut off, or its encoding is invalid.", exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<Stream> DecodeAsync(ReceivedBytes received, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var codings = response.Content.Headers.ContentEncoding;
        if (codings.Count > MaxCodings)
            throw new InvalidDataException("Too many codings.");
        Stream body = received;
        foreach (var coding in codings.Reverse())
        {
            body = coding.ToLowerInvariant() switch
            {
                "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress),
                "br" => new BrotliStream(body, CompressionMode.Decompress),
                "deflate" when body == received && !await IsZlibAsync(received, cancellationToken) => new DeflateStream(body, CompressionMode.Decompress),
                "deflate" => new ZLibStream(body, CompressionMode.Decompress),

                // Some servers send a charset here, or `identity`.
                _ => body,
            };
        }

        return body;
    }

    // Some servers send deflate without the header that it must have.
    private static async ValueTask<bool> IsZlibAsync(ReceivedBytes received, CancellationToken cancellationToken) =>
        await received.PeekAsync(cancellationToken) is not { } first || (first & 0x0F) == 8;
}

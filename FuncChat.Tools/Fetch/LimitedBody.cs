using System.IO.Compression;

namespace FuncChat.Tools.Fetch;

/// <summary>Reads the bodies of answers, counted after decompression, so that a small bomb can't become a large body.</summary>
internal static class LimitedBody
{
    public const int MaxBytes = 5 * 1024 * 1024;

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
    /// <exception cref="ToolException">The body is invalid, or ends early.</exception>
    public static async Task<(ReadOnlyMemory<byte> Body, bool IsCut)> ReadStartAsync(
        HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = Decode(await response.Content.ReadAsStreamAsync(cancellationToken), response);
            using var start = new MemoryStream();
            var buffer = new byte[64 * 1024];
            int read;
            while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
            {
                var room = maxBytes - (int)start.Length;
                start.Write(buffer, 0, Math.Min(read, room));
                if (read > room)
                    return (start.GetBuffer().AsMemory(0, maxBytes), IsCut: true);
            }

            return (start.GetBuffer().AsMemory(0, (int)start.Length), IsCut: false);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or InvalidDataException or InvalidOperationException)
        {
            throw new ToolException("The answer was cut off, or its encoding is invalid.", exception);
        }
    }

    // HttpClient decodes gzip, deflate and br, and removes them from the header.
    private static Stream Decode(Stream body, HttpResponseMessage response) =>
        response.Content.Headers.ContentEncoding.LastOrDefault() is "x-gzip" or "X-GZIP" ? new GZipStream(body, CompressionMode.Decompress) : body;
}
